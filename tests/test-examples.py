# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples say the same in each language, and what NumPy says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository.Tg import RandomStreams

EXAMPLES = Path(__file__).parent.parent / 'examples'
BUILT = Path(os.environ['TG_BUILD_ROOT']) / 'examples'
DATA = EXAMPLES / 'data' / 'breast_cancer.csv'
LANGUAGES = ['c', 'vala', 'py', 'js']
# What runs the languages that are not compiled.
INTERPRETERS = {'py': [sys.executable], 'js': ['gjs', '-m'], 'lua': ['lua5.3'], 'rb': ['ruby'],
                'pl': ['perl']}
STEPS = 50


def run(name, language, *args):
    source = EXAMPLES / f'{name}.{language}'
    program = ([*INTERPRETERS[language], source] if language in INTERPRETERS
               else [BUILT / f'{name}-{language}'])
    result = subprocess.run([*program, *args], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ''
    return result.stdout


def run_all(name, *args):
    return {language: run(name, language, *args) for language in LANGUAGES}


def take_cost(output):
    """The final cost, and the text without it."""
    pattern = r'final cost: (\S+)'
    digits = re.search(pattern, output)[1]
    assert len(digits.lstrip('0.').replace('.', '')) >= 15
    return float(digits), re.sub(pattern, '', output)


def check_regression(*args):
    """Runs the program in each language, and gives the cost and the other text of all."""
    costs, texts = zip(*map(take_cost, run_all('logistic-regression', *args).values()))
    np.testing.assert_allclose(costs, costs[0], rtol=1e-12)
    assert len(set(texts)) == 1, '\n'.join(texts)
    return costs[0], texts[0]


def train_in_numpy(x, y, w, steps):
    """The cost and the predictions of the tutorial's model after its training."""
    b = 0.0

    def predict():
        return 1 / (1 + np.exp(-x @ w - b))

    for _ in range(steps):
        error = (predict() - y) / len(y)
        w, b = w - 0.1 * (error @ x + 0.02 * w), b - 0.1 * error.sum()
    p = predict()
    cost = np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p)) + 0.01 * np.sum(w ** 2)
    return cost, w, b


@pytest.mark.parametrize('name', ['sigmoid', 'accumulator', 'box-muller'])
def test_all_languages_print_the_same(name):
    outputs = run_all(name)

    assert len(set(outputs.values())) == 1, outputs


def test_sigmoid():
    values = 1 / (1 + np.exp(-np.array([[0, 1], [-1, -2]], float)))

    assert run('sigmoid', 'c') == f'{values!r}\n'


def test_accumulator():
    assert run('accumulator', 'c').splitlines() == [
        'the state was 0 and is 1', 'the state was 1 and is 301', 'the state was 301 and is 299']


@pytest.mark.parametrize('language', ['lua', 'rb', 'pl'])
def test_other_languages_run_the_accumulator(language):
    assert run('accumulator', language) == run('accumulator', 'c')


def test_box_muller_draws_normal_numbers():
    lines = run('box-muller', 'c').splitlines()

    assert len(set(lines)) == 3
    for line in lines:
        mean, deviation = map(float, re.findall(r'-?[\d.]+', line))
        assert abs(mean) < 5 / np.sqrt(10000)
        assert abs(deviation - 1) < 5 / np.sqrt(2 * 10000)


def test_regression_on_random_numbers():
    cost, text = check_regression('--steps', str(STEPS))
    streams = RandomStreams(seed=1)
    x, y, w = (streams.normal((400, 784)).eval(), np.round(streams.uniform((400,)).eval()),
               streams.normal((784,), std=0.01).eval())
    expected, w, b = train_in_numpy(x, y, w, STEPS)
    right = np.sum((x @ w + b > 0) == y)

    assert cost == pytest.approx(expected, rel=1e-9)
    assert text.startswith(f'400 samples, 784 features, {STEPS} steps\n')
    assert f'training accuracy: {right / 400:.4f} ({right} of 400)' in text


def test_regression_on_the_breast_cancer_data():
    cost, text = check_regression('--data', str(DATA), '--steps', '2000')
    rows = np.loadtxt(DATA, delimiter=',', skiprows=1)
    is_test = np.arange(len(rows)) % 4 == 3
    mean, deviation = rows[~is_test, :-1].mean(axis=0), rows[~is_test, :-1].std(axis=0)
    x, y = (rows[:, :-1] - mean) / deviation, rows[:, -1]
    start = RandomStreams(seed=1).normal((30,), std=0.01).eval()
    expected, w, b = train_in_numpy(x[~is_test], y[~is_test], start, 2000)
    predicted, actual = x[is_test] @ w + b > 0, y[is_test] == 1
    right = np.sum(predicted == actual)

    assert cost == pytest.approx(expected, rel=1e-9)
    assert right / len(actual) >= 0.96
    assert f'test accuracy: {right / len(actual):.4f} ({right} of {len(actual)})' in text
    for i, name in enumerate(['malignant', 'benign']):
        counts = [np.sum((actual == i) & (predicted == j)) for j in range(2)]
        assert re.search(rf'^{name}\s+{counts[0]}\s+{counts[1]}$', text, re.MULTILINE)


@pytest.mark.parametrize('language', LANGUAGES)
def test_the_default_steps_suffice(language):
    text = run('logistic-regression', language, '--data', str(DATA))

    assert float(re.search(r'test accuracy: (\S+)', text)[1]) >= 0.96


@pytest.mark.parametrize('language', LANGUAGES)
def test_a_file_that_is_missing_is_named(language, tmp_path):
    source = EXAMPLES / f'logistic-regression.{language}'
    program = ([*INTERPRETERS[language], source] if language in INTERPRETERS
               else [BUILT / f'logistic-regression-{language}'])
    result = subprocess.run([*program, '--data', tmp_path / 'absent.csv'], capture_output=True,
                            text=True, check=False)

    assert result.returncode != 0
    assert 'absent.csv' in result.stderr
