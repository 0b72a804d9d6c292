/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-error.h"

/**
 * tg_shape_error_quark:
 *
 * Gets the domain of [error@Tg.ShapeError].
 *
 * Returns: the error domain
 */
G_DEFINE_QUARK (tg-shape-error-quark, tg_shape_error)

/**
 * tg_type_error_quark:
 *
 * Gets the domain of [error@Tg.TypeError].
 *
 * Returns: the error domain
 */
G_DEFINE_QUARK (tg-type-error-quark, tg_type_error)

/**
 * tg_grad_error_quark:
 *
 * Gets the domain of [error@Tg.GradError].
 *
 * Returns: the error domain
 */
G_DEFINE_QUARK (tg-grad-error-quark, tg_grad_error)

/**
 * tg_parse_error_quark:
 *
 * Gets the domain of [error@Tg.ParseError].
 *
 * Returns: the error domain
 */
G_DEFINE_QUARK (tg-parse-error-quark, tg_parse_error)

/**
 * tg_compile_error_quark:
 *
 * Gets the domain of [error@Tg.CompileError].
 *
 * Returns: the error domain
 */
G_DEFINE_QUARK (tg-compile-error-quark, tg_compile_error)

/**
 * tg_run_error_quark:
 *
 * Gets the domain of [error@Tg.RunError].
 *
 * Returns: the error domain
 */
G_DEFINE_QUARK (tg-run-error-quark, tg_run_error)

/**
 * tg_file_error_quark:
 *
 * Gets the domain of [error@Tg.FileError].
 *
 * Returns: the error domain
 */
G_DEFINE_QUARK (tg-file-error-quark, tg_file_error)
