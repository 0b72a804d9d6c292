// SPDX-License-Identifier: LGPL-2.1-or-later
namespace Tg {
  public sealed class Function : GLib.Object {
    [CCode (array_length_pos = 0.1, array_length_type = "gsize",
            finish_name = "tg_function_call_finish")]
    public async Tg.Tensor[] call_async (
      [CCode (array_length_pos = 1.5, array_length_type = "gsize")] Tg.Tensor[] inputs,
      GLib.Cancellable? cancellable) throws GLib.Error;

    [CCode (array_length_pos = 0.1, array_length_type = "gsize",
            finish_name = "tg_function_call_named_finish")]
    public async Tg.Tensor[] call_named_async (
      [CCode (array_length_pos = 1.5, array_length_type = "gsize")] Tg.Tensor[] inputs,
      [CCode (array_length_pos = 2.5, array_length_type = "gsize")] string[] names,
      GLib.Cancellable? cancellable) throws GLib.Error;
  }
}
