// SPDX-License-Identifier: LGPL-2.1-or-later
// The logistic function of each element of a matrix.

import Tg from 'gi://Tg?version=1';

const x = Tg.dmatrix('x');
const s = Tg.expr`1 / (1 + exp(-${x}))`;
const logistic = Tg.function([x], s);

print(logistic([[0, 1], [-1, -2]]));
