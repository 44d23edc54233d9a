"""The Jacobian of sampled weights in PyTorch, as a careful user would write it: activation gradients only.

Reads commands as JSON, a line each, and answers each with a line of JSON:
  {"load": FOLDER, "channelsLast": BOOL, "threads": N}
  {"run": "exact" | "sketch", "chunk": N, "lanes": LIMIT, "out": FILE, "draw": BOOL}

With "draw" the weights, samples and signs are drawn anew first, as for another seed or another network of the same shape.

The folder holds network.json, weights.bin, samples.bin and signs.bin, written by export.ts. Norms are at initialisation
(weight 1, bias 0, running mean 0 and variance 1): a batch norm is folded into the convolution before it, as it would be
for inference, and the derivatives by its weight and bias are read from the same gradients.
"""
import json
import math
import sys
import time

import numpy
import torch
import torch.nn.functional as F

torch.set_grad_enabled(True)


def peak_memory():
    with open('/proc/self/status') as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith('VmHWM'))


class Net:
    def __init__(self, folder, channels_last):
        with open(f'{folder}/network.json') as file:
            description = json.load(file)
        self.nodes = description['nodes']
        self.output = description['output']
        self.classes = description['classes']
        self.samples = description['samples']
        self.index_sets = description['indexSets']
        flat = torch.from_numpy(numpy.fromfile(f'{folder}/weights.bin', dtype=numpy.float32))
        self.layout = torch.channels_last if channels_last else torch.contiguous_format
        self.weights = {}
        for name, (start, shape) in description['weights'].items():
            size = math.prod(shape)
            self.weights[name] = flat[start:start + size].reshape(shape).clone()
        # Of each chosen tensor, in order: its elements as multi-indices, one for every index set.
        self.chosen = {name: torch.tensor(elements) for name, elements in description['chosen']}
        self.order = [name for name, _ in description['chosen']]
        shape = [self.samples] + description['input']
        self.x = torch.from_numpy(numpy.fromfile(f'{folder}/samples.bin', dtype=numpy.float32)).reshape(shape)
        if self.x.dim() == 4:
            self.x = self.x.contiguous(memory_format=self.layout)
        signs = numpy.fromfile(f'{folder}/signs.bin', dtype=numpy.float32)
        self.signs = torch.from_numpy(signs).reshape(self.samples, self.classes)
        self.spread = {name: float(weight.std(unbiased=False)) for name, weight in self.weights.items()}
        self.fold()

    def draw(self):
        """Other numbers with the spread of those that were read; what is constant stays."""
        with torch.no_grad():
            for name, spread in self.spread.items():
                if spread > 0:
                    self.weights[name].normal_(0, spread)
            self.x = torch.empty_like(self.x).normal_()
            self.signs = torch.randint(0, 2, self.signs.shape).float() * 2 - 1
        self.fold()

    def fold(self):
        """A convolution whose only reader is a batch norm takes over its factor."""
        readers = {}
        for id, node in enumerate(self.nodes):
            for source in node['inputs']:
                readers.setdefault(source, []).append(id)
        self.scale = [1.0] * len(self.nodes)
        self.folded = set()
        for id, node in enumerate(self.nodes):
            if node['op'] == 'bn':
                source = node['inputs'][0]
                if self.nodes[source]['op'] in ('conv', 'dwconv') and readers[source] == [id]:
                    self.scale[source] = 1 / math.sqrt(1 + node['args']['eps'])
                    self.folded.add(id)
            if node['op'] in ('nor_conv_1x1', 'nor_conv_3x3'):
                self.scale[id] = 1 / math.sqrt(1 + 1e-5)
        self.kernels = {}
        for id, node in enumerate(self.nodes):
            name = next((name for name in node['params'] if name.endswith('weight') and self.weights[name].dim() == 4), None)
            if name is not None:
                kernel = self.weights[name] * self.scale[id]
                self.kernels[id] = kernel.contiguous(memory_format=self.layout)

    def forward(self, x):
        """Logits, and for every chosen tensor what its derivatives are made of."""
        self.taps = []
        values = []
        for id, node in enumerate(self.nodes):
            inputs = [values[source] for source in node['inputs']]
            if node['op'] == 'add':
                given = [value for value in inputs if value is not None]
                values.append(sum(given[1:], given[0]) if given else None)
                continue
            # A `none` edge is left out of its sum; where it is not summed, it is zeros.
            shapes = [self.nodes[source]['shape'] for source in node['inputs']]
            inputs = [torch.zeros(len(x), *shape) if value is None else value for value, shape in zip(inputs, shapes)]
            values.append(self.apply(id, node, inputs, x))
        return values[self.output]

    def tap(self, kind, name, value, operand=None, scale=1.0, **more):
        if name in self.chosen:
            if not value.requires_grad:
                value.requires_grad_()
            self.taps.append((kind, name, value, operand, scale, more))

    def norm(self, names, value):
        """Weight 1 and bias 0: what comes out is what was normalised."""
        for name in names:
            if name.endswith('weight'):
                self.tap('scale', name, value, value)
            else:
                self.tap('shift', name, value)
        return value

    def convolve(self, id, args, x, groups, name, bias=None):
        kernel = self.kernels[id]
        kh, kw = kernel.shape[2:]
        stride = args.get('stride', [1, 1])
        padding = [0, 0] if args.get('padding') == 'valid' else [(kh - 1) // 2, (kw - 1) // 2]
        y = F.conv2d(x, kernel, None if bias is None else self.weights[bias], stride, padding, 1, groups)
        self.tap('conv', name, y, x, self.scale[id], stride=stride, padding=padding, groups=groups)
        if bias is not None:
            self.tap('shift', bias, y)
        return y

    def linear(self, x, weight, bias):
        y = F.linear(x, self.weights[weight], None if bias is None else self.weights[bias])
        self.tap('linear', weight, y, x)
        if bias is not None:
            self.tap('last', bias, y)
        return y

    def apply(self, id, node, inputs, samples):
        op, args, params = node['op'], node['args'], node['params']
        x = inputs[0] if inputs else None
        bias = next((name for name in params if name.endswith('bias')), None)
        if op == 'input':
            return samples
        if op in ('conv', 'dwconv'):
            groups = x.shape[1] if op == 'dwconv' else args['groups']
            return self.convolve(id, args, x, groups, params[0], bias)
        if op in ('nor_conv_1x1', 'nor_conv_3x3'):
            return self.norm(params[1:], self.convolve(id, args, F.relu(x), 1, params[0]))
        if op == 'bn':
            y = x if id in self.folded else x / math.sqrt(1 + args['eps'])
            return self.norm(params, y)
        if op == 'layernorm':
            y = F.layer_norm(x, x.shape[-1:], eps=args['eps'])
            self.tap('scaleLast', params[0], y, y)
            self.tap('last', params[1], y)
            return y
        if op == 'attention':
            weight = dict((name.rsplit('/', 1)[1], name) for name in params)
            qkv = self.linear(x, weight['qkv.weight'], weight.get('qkv.bias'))
            heads = args['heads']
            n, count, width = x.shape
            d = args['head_dim'] or width // heads
            q, k, v = qkv.reshape(n, count, 3, heads, d).permute(2, 0, 3, 1, 4)
            a = torch.softmax((q * d ** -0.5) @ k.transpose(-2, -1), -1)
            merged = (a @ v).transpose(1, 2).reshape(n, count, heads * d)
            return self.linear(merged, weight['proj.weight'], weight.get('proj.bias'))
        if op == 'dense':
            return self.linear(x, params[0], bias)
        if op in ('skip_connect', 'identity', 'dropout'):
            return x
        if op == 'none':
            return None
        if op == 'avg_pool_3x3':
            return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
        if op == 'avgpool':
            return F.avg_pool2d(x, args['kernel'], args['stride'])
        if op == 'gap':
            return x.mean((2, 3))
        if op == 'tokens':
            return x.flatten(2).transpose(1, 2)
        if op == 'cls_token':
            token = self.weights[params[0]].expand(x.shape[0], 1, -1)
            y = torch.cat([token, x], 1)
            self.tap('token', params[0], y)
            return y
        if op == 'posembed':
            y = x + self.weights[params[0]]
            self.tap('position', params[0], y)
            return y
        if op == 'take_token':
            return x[:, args['index']]
        if op == 'relu':
            return F.relu(x)
        if op == 'relu6':
            return F.relu6(x)
        if op == 'gelu':
            return F.gelu(x)
        raise ValueError(f'no op {op}')

    def contract(self, tap, g):
        """Derivatives by the chosen elements of a tensor: [samples, indexSets]."""
        kind, name, _, x, scale, more = tap
        index = self.chosen[name]
        if kind == 'conv':
            return scale * self.contract_conv(index, x, g, **more)
        if kind == 'linear':
            a, b = x[..., index[:, 1]], g[..., index[:, 0]]
            return (a * b).sum(1) if a.dim() == 3 else a * b
        if kind == 'scale':
            return (x[:, index[:, 0]] * g[:, index[:, 0]]).sum((2, 3))
        if kind == 'shift':
            return g[:, index[:, 0]].sum((2, 3))
        if kind == 'scaleLast':
            return (x[..., index[:, 0]] * g[..., index[:, 0]]).sum(1)
        if kind == 'last':
            b = g[..., index[:, 0]]
            return b.sum(1) if b.dim() == 3 else b
        if kind == 'token':
            return g[:, 0, index[:, 0]]
        return g[:, index[:, 0], index[:, 1]]

    def contract_conv(self, index, x, g, stride, padding, groups):
        o, i, ky, kx = index.unbind(1)
        i = i + torch.div(o, g.shape[1] // groups, rounding_mode='floor') * (x.shape[1] // groups)
        ky, kx = int(ky[0]), int(kx[0])
        height, width = g.shape[2:]
        # Rows and columns that the tap at (ky, kx) reads, without what is padding.
        top, left = max(0, -(-(padding[0] - ky) // stride[0])), max(0, -(-(padding[1] - kx) // stride[1]))
        y0, x0 = top * stride[0] + ky - padding[0], left * stride[1] + kx - padding[1]
        rows = min(height - top, -(-(x.shape[2] - y0) // stride[0]))
        columns = min(width - left, -(-(x.shape[3] - x0) // stride[1]))
        read = x[:, :, y0:y0 + rows * stride[0]:stride[0], x0:x0 + columns * stride[1]:stride[1]]
        return (read[:, i] * g[:, o, top:top + rows, left:left + columns]).sum((2, 3))

    def cotangents(self, z, kind, limit, start):
        """[C] or [samples, C], one after another."""
        if kind == 'sketch':
            p = 0.95 * torch.softmax(z.detach(), 1) + 0.05 / self.classes
            v = p.sqrt() * self.signs[start:start + len(z)]
            yield v - p * v.sum(1, keepdim=True)
            return
        for k in range(min(self.classes - 1, limit)):
            row = torch.zeros(self.classes)
            row[:k + 1] = 1
            row[k + 1] = -(k + 1)
            yield (row / math.sqrt((k + 1) * (k + 2))).expand_as(z)

    def jacobian(self, kind, chunk, limit):
        """[samples, lanes, indexSets, weights], and the logits."""
        parts, logits = [], []
        for start in range(0, self.samples, chunk):
            z = self.forward(self.x[start:start + chunk])
            values = [tap[2] for tap in self.taps]
            lanes = []
            for cotangent in self.cotangents(z, kind, limit, start):
                gradients = torch.autograd.grad(z, values, cotangent, retain_graph=True, allow_unused=True)
                columns = {}
                with torch.no_grad():
                    for tap, g in zip(self.taps, gradients):
                        if g is not None:
                            columns[tap[1]] = self.contract(tap, g)
                    zero = torch.zeros(len(z), self.index_sets)
                    lanes.append(torch.stack([columns.get(name, zero) for name in self.order], 2))
            parts.append(torch.stack(lanes, 1))
            logits.append(z.detach())
        return torch.cat(parts), torch.cat(logits)

    def spectra(self, kind, jacobian, z):
        """Eigenvalues of F for every index set, in float64."""
        j = jacobian.double()
        if kind == 'exact':
            c = self.classes
            basis = torch.zeros(c - 1, c, dtype=torch.float64)
            for k in range(c - 1):
                basis[k, :k + 1] = 1
                basis[k, k + 1] = -(k + 1)
                basis[k] /= math.sqrt((k + 1) * (k + 2))
            p = 0.95 * torch.softmax(z.double(), 1) + 0.05 / c
            a = torch.diag_embed(p.sqrt()) - p[:, :, None] * p.sqrt()[:, None, :]
            j = torch.einsum('nab,nlmp->nbmp', a, j) if j.shape[1] == c else torch.einsum(
                'nab,la,nlmp->nbmp', a, basis[:j.shape[1]], j)
        factor = j.flatten(0, 1).transpose(0, 1)
        return torch.linalg.eigvalsh(factor.transpose(1, 2) @ factor / len(z))


def main():
    net = None
    for line in sys.stdin:
        command = json.loads(line)
        if 'load' in command:
            torch.set_num_threads(command['threads'])
            net = Net(command['load'], command['channelsLast'])
            answer = {'version': torch.__version__}
        else:
            kind = command['run']
            begun = time.perf_counter()
            if command.get('draw'):
                net.draw()
            drawn = time.perf_counter()
            jacobian, z = net.jacobian(kind, command['chunk'], command['lanes'])
            net.spectra(kind, jacobian, z)
            ended = time.perf_counter()
            answer = {'seconds': ended - begun, 'passes': ended - drawn}
            if 'out' in command:
                jacobian.numpy().tofile(command['out'])
        answer['peak'] = peak_memory()
        print(json.dumps(answer), flush=True)


main()
