#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Installs the build folder into an empty one and uses it from there in every language."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAMS = {
    'program.c': '''
        #include <tg.h>

        int
        main (void)
        {
          g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
          g_autoptr (TgVariable) y = tg_exp (x, NULL);
          g_autofree char *text = tg_variable_to_string (y);

          g_print ("%s\\n", text);
          return 0;
        }''',
    'program.vala': '''
        void main () {
          try {
            var x = new Tg.Variable ("x", Tg.DType.FLOAT64, 0);
            print ("%s\\n", x.exp ().to_string ());
          } catch (GLib.Error e) {
            error ("%s", e.message);
          }
        }''',
    'program.py': '''if True:
        import gi
        gi.require_version('Tg', '1')
        from gi.repository import Tg
        import gi._tg
        print(Tg.exp(Tg.dscalar('x')).to_string())''',
    'program.js': '''
        import Tg from 'gi://Tg';
        print(Tg.dscalar('x').exp().to_string());''',
}


def run(*command, **environment):
    result = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True,
                            stdin=subprocess.DEVNULL, check=False)
    if result.returncode:
        sys.exit(f'{" ".join(command)}\n{result.stdout}{result.stderr}')
    return result.stdout


def find(root, name):
    """The folder in which the one installed file of that name lies."""
    found = list(root.rglob(name))
    if len(found) != 1:
        sys.exit(f'{name} was installed {len(found)} times')
    return found[0].parent


def check_command(root, environment):
    """The program runs, and its man page and completion lie where they are looked for."""
    shown = run(str(find(root, 'bin/tg') / 'tg'), 'eval', 'exp(x) - 1', '--set', 'x=1e-10',
                **environment)
    if shown != '1.00000000005e-10\n':
        sys.exit(f'tg shows {shown}')

    find(root, 'man/man1/tg.1')
    completion = find(root, 'bash-completion/completions/tg') / 'tg'
    run('bash', '-c', 'source "$1" && complete -p tg', 'bash', str(completion))


def main(build, folder):
    root = folder / 'root'
    run('meson', 'install', '-C', build, '--no-rebuild', '--quiet', '--destdir', str(root))

    library = find(root, 'libtg-1.so')
    share = find(root, 'Tg-1.gir').parent
    pkg_config = find(root, 'tg-1.pc') / 'tg-1.pc'
    description = pkg_config.read_text(encoding='utf-8')
    pkg_config.write_text(re.sub('^prefix=.*', f'prefix={share.parent}', description),
                          encoding='utf-8')
    environment = {
        'LD_LIBRARY_PATH': str(library),
        'GI_TYPELIB_PATH': str(find(root, 'Tg-1.typelib')),
        'PYTHONPATH': str(find(root, 'variables.py').parents[2]),
        'PKG_CONFIG_PATH': str(pkg_config.parent),
        'XDG_DATA_DIRS': f'{share}:/usr/local/share:/usr/share',
        'GJS_PATH': '',
    }
    if find(root, 'Tg.pyi') != Path(environment['PYTHONPATH']) / 'gi-stubs' / 'repository':
        sys.exit('the stubs are not where type checkers look for them')
    for name, text in PROGRAMS.items():
        (folder / name).write_text(text, encoding='utf-8')

    flags = run('pkg-config', '--cflags', '--libs', 'tg-1', **environment).split()
    program = [str(folder / name) for name in ('program', 'program.c')]
    run('cc', '-Wall', '-Werror', '-o', *program, *flags)
    vala = str(folder / 'vala')
    run('valac', '--vapidir', str(share / 'vala' / 'vapi'), '--pkg', 'tg-1', '-X', '-w',
        *(part for flag in flags for part in ('-X', flag)), '-o', vala,
        str(folder / 'program.vala'), **environment)

    check_command(root, environment)

    commands = {'C': [program[0]], 'Vala': [vala],
                'Python': [sys.executable, str(folder / 'program.py')],
                'JavaScript': ['gjs', '-m', str(folder / 'program.js')]}
    for language, command in commands.items():
        shown = run(*command, **environment).strip()
        if shown != 'exp(x)':
            sys.exit(f'{language} shows {shown}')


if __name__ == '__main__':
    with tempfile.TemporaryDirectory() as temporary:
        main(sys.argv[1], Path(temporary))
