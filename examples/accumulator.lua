-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A state that functions share: each call returns the value before its update.

local Tg = require('lgi').require('Tg', '1')

local state = Tg.SharedVariable.new(Tg.Tensor.new_integer(0), 'state')
local inc = Tg.Variable.new('inc', 'INT64', 0)

local function make_function(value)
  local builder = Tg.FunctionBuilder.new()
  builder:add_input(inc)
  builder:add_output(state, nil)
  builder:add_update(state, value)
  return assert(builder:build())
end

local accumulator = make_function(assert(state:add(inc)))
local decrementor = make_function(assert(state:subtract(inc)))

for _, step in ipairs({{accumulator, 1}, {accumulator, 300}, {decrementor, 2}}) do
  local before = assert(step[1]:call({Tg.Tensor.new_integer(step[2])}))[1]
  local was = before:get_double()
  local is = state:dup_value():get_double()
  print(string.format('the state was %g and is %g', was, is))
end
