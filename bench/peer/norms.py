"""Scores with other batch norms and other tensors, by PyTorch in float64: what test/fixtures/norms holds.

  python3 bench/peer/norms.py test/fixtures/02_best_c10.json test/fixtures/07_n2_p32_classes7.json

Reads the weights and samples of each fixture (test/fixtures/README.md), and writes norms/NAME.json beside it. Batch norms are
PyTorch's own modules: in training mode for the samples as one batch, then in evaluation mode. Derivatives are those of automatic
differentiation, a logit of a sample at a time.
"""
import base64
import json
import os
import sys

import numpy
import torch
from torch import nn

torch.set_default_dtype(torch.float64)
LIMIT = 24
CASES = [('eval', 'spread'), ('calibrated', 'first'), ('calibrated', 'spread'), ('released-mbv2', 'first')]


class Convolution(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride, eps):
        super().__init__()
        convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.op = nn.Sequential(nn.ReLU(), convolution, nn.BatchNorm2d(outputs, eps=eps))

    def forward(self, x):
        return self.op(x)


class Zeros(nn.Module):
    def forward(self, x):
        return torch.zeros_like(x)


class Cell(nn.Module):
    """Edges 0→1, 0→2, 1→2, 0→3, 1→3, 2→3."""

    def __init__(self, ops, channels, eps):
        super().__init__()
        made = {
            'nor_conv_3x3': lambda: Convolution(channels, channels, 3, 1, eps),
            'nor_conv_1x1': lambda: Convolution(channels, channels, 1, 1, eps),
            'avg_pool_3x3': lambda: nn.AvgPool2d(3, 1, 1, count_include_pad=False),
            'skip_connect': nn.Identity,
            'none': Zeros,
        }
        self.layers = nn.ModuleList(made[op]() for op in ops)

    def forward(self, x):
        nodes, edge = [x], 0
        for to in (1, 2, 3):
            nodes.append(sum(self.layers[edge + source](nodes[source]) for source in range(to)))
            edge += to
        return nodes[3]


class Reduction(nn.Module):
    def __init__(self, inputs, outputs, eps):
        super().__init__()
        self.conv_a = Convolution(inputs, outputs, 3, 2, eps)
        self.conv_b = Convolution(outputs, outputs, 3, 1, eps)
        self.downsample = nn.Sequential(nn.AvgPool2d(2, 2), nn.Conv2d(inputs, outputs, 1, bias=False))

    def forward(self, x):
        return self.downsample(x) + self.conv_b(self.conv_a(x))


class Network(nn.Module):
    def __init__(self, fixture, eps):
        super().__init__()
        width, ops = fixture['C'], fixture['ops']
        self.stem = nn.Sequential(nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width, eps=eps))
        cells = []
        for stage in range(3):
            cells += [Reduction(width, 2 * width, eps)] if stage > 0 else []
            width *= 2 if stage > 0 else 1
            cells += [Cell(ops, width, eps) for _ in range(fixture['N'])]
        self.cells = nn.ModuleList(cells)
        self.lastact = nn.Sequential(nn.BatchNorm2d(width, eps=eps), nn.ReLU())
        self.classifier = nn.Linear(width, fixture['classes'])

    def forward(self, x):
        x = self.stem(x)
        for cell in self.cells:
            x = cell(x)
        return self.classifier(self.lastact(x).mean((2, 3)))


def decoded(text, shape):
    values = numpy.frombuffer(base64.b64decode(text), '<f4').astype(float)
    return torch.from_numpy(values.reshape(shape))


def network_of(fixture, norm, x):
    """The network of a fixture, its norms frozen."""
    network = Network(fixture, 1e-3 if norm == 'released-mbv2' else fixture['bn_eps'])
    names = [name for name, _ in network.named_parameters()]
    assert names == [param['name'] for param in fixture['named_params']]
    with torch.no_grad():
        for name, param in network.named_parameters():
            if name in fixture['weights_b64_f32']:
                param.copy_(decoded(fixture['weights_b64_f32'][name], param.shape))
            else:
                param.fill_(0 if name.endswith('bias') else 1)
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    seen = {}
    hooks = [module.register_forward_pre_hook(lambda own, given: seen.update({own: given[0].detach()})) for module in norms]
    if norm != 'eval':
        # One step of running statistics, with PyTorch's momentum of 0.1 and unbiased variance.
        network.train()(x)
    if norm == 'calibrated':
        for module in norms:
            module.running_mean.copy_(seen[module].mean((0, 2, 3)))
            module.running_var.copy_(seen[module].var((0, 2, 3), unbiased=False))
    for hook in hooks:
        hook.remove()
    return network.eval()


def case_of(fixture, norm, tensors):
    shape = [fixture['batch'], 3, fixture['res'], fixture['res']]
    x = decoded(fixture['x_b64_f32'], shape)
    network = network_of(fixture, norm, x)
    params = list(network.parameters())
    if tensors == 'spread':
        chosen = [params[int(index)] for index in numpy.round(numpy.linspace(0, len(params) - 1, LIMIT))]
    else:
        chosen = params[:LIMIT]
    logits = network(x)
    jacobian = numpy.zeros((*logits.shape, LIMIT))
    for sample, row in enumerate(logits):
        for label, logit in enumerate(row):
            gradients = torch.autograd.grad(logit, chosen, retain_graph=True, allow_unused=True)
            jacobian[sample, label] = [0 if gradient is None else float(gradient.flatten()[0]) for gradient in gradients]
    p = 0.95 * torch.softmax(logits, 1).detach().numpy() + 0.05 / logits.shape[1]
    fisher = sum(j.T @ (numpy.diag(q) - numpy.outer(q, q)) @ j for j, q in zip(jacobian, p)) / len(p)
    eigenvalues = numpy.linalg.eigvalsh(fisher)
    eigenvalues[eigenvalues < LIMIT * 2.0**-52 * eigenvalues[-1]] = 0
    levels = numpy.arange(11) / 10 if norm == 'released-mbv2' else numpy.arange(1, 10) / 10
    quantiles = numpy.quantile(eigenvalues, levels)
    shares = quantiles[quantiles > 0] / quantiles.sum()
    return {
        'norm': norm,
        'tensors': tensors,
        'weights': LIMIT,
        'logits': logits.tolist(),
        'jacobian_b64_f64': base64.b64encode(jacobian.astype('<f8').tobytes()).decode(),
        'eigenvalues': eigenvalues.tolist(),
        'quantiles': quantiles.tolist(),
        'entropy': float(-(shares * numpy.log(shares)).sum()),
    }


def main(files):
    for file in files:
        with open(file) as text:
            fixture = json.load(text)
        folder = os.path.join(os.path.dirname(file), 'norms')
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, os.path.basename(file)), 'w') as out:
            made = {'torch': torch.__version__, 'cases': [case_of(fixture, *case) for case in CASES]}
            out.write(json.dumps(made, indent=1) + '\n')


main(sys.argv[1:])
