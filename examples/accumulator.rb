# SPDX-License-Identifier: LGPL-2.1-or-later
# A state that functions share: each call returns the value before its update.

require 'gobject-introspection'

module Tg
end

GObjectIntrospection::Loader.load('Tg', Tg, version: '1')

# Ruby's numbers are float64 at first.
integer = ->(number) { Tg::Tensor.new(number).astype(:int64) }

state = Tg::SharedVariable.new(integer.call(0), 'state')
inc = Tg::Variable.new('inc', Tg::DType::INT64, 0)

# Ruby's binding has no lists of tensors, so these are functions to be called with one.
make_function = lambda do |value|
  builder = Tg::FunctionBuilder.new
  builder.add_input(inc)
  builder.add_output(state, nil)
  builder.add_update(state, value)
  builder.build
end

accumulator = make_function.call(state.add(inc))
decrementor = make_function.call(state.subtract(inc))

[[accumulator, 1], [accumulator, 300], [decrementor, 2]].each do |function, value|
  before = function.call_single(integer.call(value))
  _, was = before.double
  _, is = state.dup_value.double
  puts format('the state was %g and is %g', was, is)
end
