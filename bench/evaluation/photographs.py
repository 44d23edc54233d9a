"""Crops of the photographs that come with scikit-image and scikit-learn, as images for `archlens evaluate --images`.

    pip install scikit-image scikit-learn
    python bench/evaluation/photographs.py photographs.npy [SEED]

2,048 squares of 64 pixels or more at random places of seven photographs, as many of each, half of them mirrored, brought to
32x32 by the mean of the pixels: uint8 [2048, 32, 32, 3]. The same file for the same seed and versions.
"""

import sys

import numpy as np
from skimage import data, transform
from sklearn.datasets import load_sample_image

COUNT, SIZE, SMALLEST = 2048, 32, 64


def main(path: str, seed: int = 0) -> None:
    random = np.random.default_rng(seed)
    photographs = [
        data.astronaut(),
        data.chelsea(),
        data.coffee(),
        data.rocket(),
        data.stereo_motorcycle()[0],
        load_sample_image("china.jpg"),
        load_sample_image("flower.jpg"),
    ]
    crops = np.empty((COUNT, SIZE, SIZE, 3), np.uint8)
    for index in range(COUNT):
        photograph = photographs[index % len(photographs)]
        height, width = photograph.shape[:2]
        side = random.integers(SMALLEST, min(height, width), endpoint=True)
        top, left = random.integers(height - side + 1), random.integers(width - side + 1)
        crop = photograph[top : top + side, left : left + side, :3] / 255
        if random.random() < 0.5:
            crop = crop[:, ::-1]
        crops[index] = np.rint(transform.resize_local_mean(crop, (SIZE, SIZE)) * 255)
    np.save(path, crops)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:3]))
