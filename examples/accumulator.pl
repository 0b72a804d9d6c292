# SPDX-License-Identifier: LGPL-2.1-or-later
# A state that functions share: each call returns the value before its update.

use strict;
use warnings;

use Glib::Object::Introspection;

Glib::Object::Introspection->setup(basename => 'Tg', version => '1', package => 'Tg');

my $state = Tg::SharedVariable->new(Tg::Tensor->new_integer(0), 'state');
my $inc = Tg::Variable->new('inc', 'int64', 0);

sub make_function {
  my ($value) = @_;
  my $builder = Tg::FunctionBuilder->new;
  $builder->add_input($inc);
  $builder->add_output($state, undef);
  $builder->add_update($state, $value);
  return $builder->build;
}

my $accumulator = make_function($state->add($inc));
my $decrementor = make_function($state->subtract($inc));

for my $step ([$accumulator, 1], [$accumulator, 300], [$decrementor, 2]) {
  my ($function, $value) = @$step;
  my $before = $function->call([Tg::Tensor->new_integer($value)])->[0];
  my (undef, $was) = $before->get_double;
  my (undef, $is) = $state->dup_value->get_double;
  printf "the state was %g and is %g\n", $was, $is;
}
