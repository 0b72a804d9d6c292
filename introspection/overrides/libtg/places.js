// SPDX-License-Identifier: LGPL-2.1-or-later
/* Where in a program variables were made, and name scopes. */

const {Tg} = imports.gi;

/* The innermost frame that is of no override and not of gjs: where a person's program is. */
function add() {
  const FRAME = /^([^@]*)@(.*?):(\d+):\d+$/;
  const [here] = /^.*\/(?=libtg\/)/.exec(FRAME.exec(new Error().stack.split('\n')[0])[2]);

  Tg.Place.set_finder(() => {
    for (const line of new Error().stack.split('\n')) {
      const [, name, file, number] = FRAME.exec(line) ?? [];
      if (file !== undefined && !file.startsWith(here) && !file.startsWith('resource:'))
        return Tg.Place.new(file.replace(/^file:\/\//, ''), Number(number), name || null);
    }
    return null;
  });

  Object.defineProperties(Tg.Place.prototype, {
    file: {get() { return this.get_file(); }},
    line: {get() { return this.get_line(); }},
    textLine: {get() { return this.get_text_line(); }},
    textColumn: {get() { return this.get_text_column(); }},
  });
  Tg.Place.prototype.toString = function () {
    return this.to_string();
  };

  /* Calls `action` within a name scope: names that it gives begin with `name` and a slash. */
  Tg.nameScope = function (name, action) {
    if (!name)
      throw new TypeError('a name scope needs a name');
    Tg.name_scope_push(name);
    try {
      return action();
    } finally {
      Tg.name_scope_pop();
    }
  };
}
