"""Expressivity, progressivity, trainability and Jacov, or GraSP, by PyTorch: what a careful user would write with automatic differentiation.

  python3 bench/peer/proxies.py FOLDER [grasp]

The folder is written by `node scripts/node24.mjs bench/peer/proxies.ts`: network.json with the ids of the feature maps, weights.bin,
samples.bin, and signs.N.bin, one byte each, for the pairs of maps; for GraSP two batches of samples and labels.json. Batch norms are PyTorch's in training mode; float32 up to the
spectra, which are float64. Prints a line of JSON.
"""
import json
import math
import sys

import numpy
import torch
import torch.nn.functional as F


class Net:
    def __init__(self, folder):
        with open(f'{folder}/network.json') as file:
            description = json.load(file)
        self.nodes, self.output, self.maps = description['nodes'], description['output'], description.get('maps', [])
        flat = torch.from_numpy(numpy.fromfile(f'{folder}/weights.bin', dtype=numpy.float32))
        self.weights = {name: flat[start:start + math.prod(shape)].reshape(shape)
                        for name, (start, shape) in description['weights'].items()}
        x = torch.from_numpy(numpy.fromfile(f'{folder}/samples.bin', dtype=numpy.float32))
        self.x = x.reshape([description['samples']] + description['input'])

    def values(self, x):
        values = []
        for node in self.nodes:
            values.append(self.apply(node, [values[source] for source in node['inputs']], x))
        return values

    def apply(self, node, inputs, samples):
        op, args = node['op'], node['args']
        own = {name.rsplit('/', 1)[1]: self.weights[name] for name in node['params']}
        x = inputs[0] if inputs else None
        if op == 'input':
            return samples
        if op in ('conv', 'dwconv'):
            groups = x.shape[1] if op == 'dwconv' else args['groups']
            return F.conv2d(x, own['weight'], own.get('bias'), args['stride'], padding(args), 1, groups)
        if op == 'bn':
            return F.batch_norm(x, None, None, own['weight'], own['bias'], training=True, eps=args['eps'])
        if op == 'layernorm':
            return F.layer_norm(x, x.shape[-1:], own['weight'], own['bias'], args['eps'])
        if op == 'dense':
            return F.linear(x, own['weight'], own.get('bias'))
        if op == 'attention':
            n, count, width = x.shape
            heads = args['heads']
            d = args['head_dim'] or width // heads
            qkv = F.linear(x, own['qkv.weight'], own.get('qkv.bias'))
            q, k, v = qkv.reshape(n, count, 3, heads, d).permute(2, 0, 3, 1, 4)
            merged = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, count, heads * d)
            return F.linear(merged, own['proj.weight'], own.get('proj.bias'))
        if op == 'maxpool':
            return F.max_pool2d(x, args['kernel'], args['stride'], padding(args))
        if op == 'add':
            return sum(inputs[1:], x)
        if op == 'gap':
            return x.mean((2, 3))
        if op == 'tokens':
            return x.flatten(2).transpose(1, 2)
        if op == 'cls_token':
            return torch.cat([next(iter(own.values())).expand(x.shape[0], 1, -1), x], 1)
        if op == 'posembed':
            return x + next(iter(own.values()))
        if op == 'take_token':
            return x[:, args['index']]
        if op in ('identity', 'dropout'):
            return x
        return {'relu': F.relu, 'relu6': F.relu6, 'gelu': F.gelu, 'silu': F.silu}[op](x)


def padding(args):
    if args['padding'] == 'valid':
        return 0
    return [(k - 1) // 2 for k in args['kernel']] if args['padding'] == 'same' else args['padding']


def by_position(value):
    """[positions of all samples, channels], in float64."""
    last = value if value.dim() == 3 else value.permute(0, 2, 3, 1)
    return last.reshape(-1, last.shape[-1]).double()


def entropy(value):
    covariance = torch.cov(by_position(value).T, correction=0)
    shares = torch.linalg.eigvalsh(covariance).clamp(min=0)
    shares = shares / shares.sum()
    return float(-(shares * torch.log(shares + 1e-8)).sum())


def transfer(net, maps, index, folder):
    """2 − s − 1/s of the singular value between a map and the next."""
    before, later = maps[index], maps[index + 1]
    signs = numpy.fromfile(f'{folder}/signs.{index}.bin', dtype=numpy.int8)
    given = torch.from_numpy(signs).reshape(later.shape).float()
    received, = torch.autograd.grad(later, before, given, retain_graph=True)
    if received.dim() == 4:
        received = F.pixel_unshuffle(received, received.shape[2] // later.shape[2])
    matrix = by_position(received).T @ by_position(given) / by_position(given).shape[0]
    s = float(torch.linalg.svdvals(matrix)[0])
    return 2 - s - 1 / (s + 1e-6)


def grasp(net, folder):
    """−Σ θ ⊙ Hg over the weights of layers by double backward, the mean over two batches. In float64: it is a small rest of large terms."""
    net.weights = {name: weight.double() for name, weight in net.weights.items()}
    with open(f'{folder}/labels.json') as file:
        labels = torch.tensor(json.load(file))
    weights = [net.weights[name].requires_grad_() for node in net.nodes for name in node['params']
               if node['op'] in ('conv', 'dwconv', 'dense') and name.endswith('/weight')]
    total = 0
    for x, y in zip(net.x.double().chunk(2), labels.chunk(2)):
        loss = F.cross_entropy(net.values(x)[net.output], y)
        gradient = torch.autograd.grad(loss, weights, create_graph=True)
        squares = sum((own.detach() * own).sum() for own in gradient)
        along = torch.autograd.grad(squares, weights)
        total -= sum(float((weight.detach() * own).sum()) for weight, own in zip(weights, along)) / 2
    return total


def main(folder, wanted=''):
    net = Net(folder)
    if wanted == 'grasp':
        print(json.dumps({'grasp': grasp(net, folder), 'version': torch.__version__}))
        return
    x = net.x.requires_grad_()
    values = net.values(x)
    maps = [values[id] for id in net.maps]
    with torch.no_grad():
        entropies = [entropy(value) for value in maps]
    trained = [transfer(net, maps, index, folder) for index in range(len(maps) - 1)]
    gradient, = torch.autograd.grad(values[net.output].sum(), x)
    v = torch.linalg.eigvalsh(torch.corrcoef(gradient.flatten(1).double())).clamp(min=0)
    print(json.dumps({
        'expressivity': sum(entropies),
        'progressivity': min(b - a for a, b in zip(entropies, entropies[1:])),
        'trainability': sum(trained) / len(trained),
        'jacov': float(-(torch.log(v + 1e-5) + 1 / (v + 1e-5)).sum()),
        'version': torch.__version__,
    }))


main(*sys.argv[1:3])
