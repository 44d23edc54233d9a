// Sharp pictures of parts of the editor, for people to look at.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';

/** A part of the page, in CSS pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels of a picture to a CSS pixel, as on a screen of high density. */
const density = 1.5;

/** The page in a window of another size, drawn more densely, until it is disposed of. */
export class Capture {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async start(page: Page, width: number, height: number): Promise<Capture> {
    const session = await page.context().newCDPSession(page);
    const capture = new Capture(session);
    await capture.resize(width, height);
    return capture;
  }

  /** @param width in CSS pixels, as is the height */
  async resize(width: number, height: number): Promise<void> {
    await this.#session.send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: density,
      mobile: false,
    });
  }

  /** Writes a part of the page as PNG. */
  async write(file: string, clip: Box): Promise<void> {
    const { data } = await this.#session.send('Page.captureScreenshot', {
      format: 'png',
      clip: { ...clip, scale: 1 },
    });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.from(data, 'base64'));
  }

  async stop(): Promise<void> {
    await this.#session.send('Emulation.clearDeviceMetricsOverride');
    await this.#session.detach();
  }
}

/** The smallest box around all of these, and a margin, within the page. */
export function around(boxes: readonly Box[], margin: number): Box {
  const x = Math.max(Math.min(...boxes.map((box) => box.x)) - margin, 0);
  const y = Math.max(Math.min(...boxes.map((box) => box.y)) - margin, 0);
  return {
    x,
    y,
    width: Math.max(...boxes.map((box) => box.x + box.width)) + margin - x,
    height: Math.max(...boxes.map((box) => box.y + box.height)) + margin - y,
  };
}
