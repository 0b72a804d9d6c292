/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-version.h"

G_BEGIN_DECLS

/**
 * TgShapeError:
 * @TG_SHAPE_ERROR_BROADCAST: shapes cannot be broadcast together
 * @TG_SHAPE_ERROR_MISMATCH: a shape is not the one that is needed
 * @TG_SHAPE_ERROR_NDIM: too few or too many dimensions
 * @TG_SHAPE_ERROR_AXIS: there is no such axis, or it is named twice
 * @TG_SHAPE_ERROR_INDEX: an index is out of bounds
 * @TG_SHAPE_ERROR_EMPTY: a reduction without identity met no element
 * @TG_SHAPE_ERROR_SIZE: a size is negative, or too large for memory
 *
 * Errors about shapes, when a graph is built or when it runs.
 */
typedef enum
{
  TG_SHAPE_ERROR_BROADCAST,
  TG_SHAPE_ERROR_MISMATCH,
  TG_SHAPE_ERROR_NDIM,
  TG_SHAPE_ERROR_AXIS,
  TG_SHAPE_ERROR_INDEX,
  TG_SHAPE_ERROR_EMPTY,
  TG_SHAPE_ERROR_SIZE,
} TgShapeError;

/**
 * TgTypeError:
 * @TG_TYPE_ERROR_DTYPE: an operator or a function does not take this dtype
 * @TG_TYPE_ERROR_LOSSY: a conversion would lose information
 * @TG_TYPE_ERROR_ATTRIBUTE: an attribute is unknown, or of the wrong kind
 * @TG_TYPE_ERROR_NAME: there is no operator, dtype or variable of that name
 * @TG_TYPE_ERROR_ARGUMENTS: too few or too many arguments
 * @TG_TYPE_ERROR_VALUE: a constant is not a number that an operator takes
 *
 * Errors about dtypes and about what operators take.
 */
typedef enum
{
  TG_TYPE_ERROR_DTYPE,
  TG_TYPE_ERROR_LOSSY,
  TG_TYPE_ERROR_ATTRIBUTE,
  TG_TYPE_ERROR_NAME,
  TG_TYPE_ERROR_ARGUMENTS,
  TG_TYPE_ERROR_VALUE,
} TgTypeError;

/**
 * TgGradError:
 * @TG_GRAD_ERROR_DTYPE: only floating-point variables have gradients
 * @TG_GRAD_ERROR_SHAPE: a cost must be 0-d
 * @TG_GRAD_ERROR_DISCONNECTED: the cost does not depend on a variable
 * @TG_GRAD_ERROR_UNDEFINED: an operator on the way has no gradient
 * @TG_GRAD_ERROR_MISMATCH: a gradient and its numerical estimate differ
 *
 * Errors of differentiation.
 */
typedef enum
{
  TG_GRAD_ERROR_DTYPE,
  TG_GRAD_ERROR_SHAPE,
  TG_GRAD_ERROR_DISCONNECTED,
  TG_GRAD_ERROR_UNDEFINED,
  TG_GRAD_ERROR_MISMATCH,
} TgGradError;

/**
 * TgParseError:
 * @TG_PARSE_ERROR_SYNTAX: the text is not of the notation
 * @TG_PARSE_ERROR_NAME: a name is not known
 * @TG_PARSE_ERROR_NUMBER: a number cannot be represented
 * @TG_PARSE_ERROR_VALUE: the text is well-formed, but builds no expression
 *
 * Errors in text; messages begin with line and column.
 */
typedef enum
{
  TG_PARSE_ERROR_SYNTAX,
  TG_PARSE_ERROR_NAME,
  TG_PARSE_ERROR_NUMBER,
  TG_PARSE_ERROR_VALUE,
} TgParseError;

/**
 * TgCompileError:
 * @TG_COMPILE_ERROR_MISSING_INPUT: an output needs a variable that is no input
 * @TG_COMPILE_ERROR_INPUT: a variable cannot be an input, or is one twice
 * @TG_COMPILE_ERROR_UPDATE: what is updated is not shared, or updated twice,
 *   or the new value is of another dtype or shape
 * @TG_COMPILE_ERROR_GIVEN: a variable is replaced by one of another type
 * @TG_COMPILE_ERROR_UNUSED: an input is not used
 * @TG_COMPILE_ERROR_INVALID: a pass broke the program
 * @TG_COMPILE_ERROR_MISSING: a part is %NULL, since it could not be made
 * @TG_COMPILE_ERROR_MODE: there is no such mode or backend
 * @TG_COMPILE_ERROR_RULES: rewrite rules go round in a circle
 *
 * Errors of making a function.
 */
typedef enum
{
  TG_COMPILE_ERROR_MISSING_INPUT,
  TG_COMPILE_ERROR_INPUT,
  TG_COMPILE_ERROR_UPDATE,
  TG_COMPILE_ERROR_GIVEN,
  TG_COMPILE_ERROR_UNUSED,
  TG_COMPILE_ERROR_INVALID,
  TG_COMPILE_ERROR_MISSING,
  TG_COMPILE_ERROR_MODE,
  TG_COMPILE_ERROR_RULES,
} TgCompileError;

/**
 * TgRunError:
 * @TG_RUN_ERROR_INPUTS: too few or too many inputs
 * @TG_RUN_ERROR_INPUT: an input has the wrong dtype or shape
 * @TG_RUN_ERROR_UPDATE: a new value does not fit its shared variable
 * @TG_RUN_ERROR_MEMORY: there is not enough memory
 * @TG_RUN_ERROR_VALUE: a value is not a number that an operator takes
 * @TG_RUN_ERROR_NOT_FINITE: a value is nan or infinite, in a mode that checks this
 *
 * Errors of calling a function.
 */
typedef enum
{
  TG_RUN_ERROR_INPUTS,
  TG_RUN_ERROR_INPUT,
  TG_RUN_ERROR_UPDATE,
  TG_RUN_ERROR_MEMORY,
  TG_RUN_ERROR_VALUE,
  TG_RUN_ERROR_NOT_FINITE,
} TgRunError;

/**
 * TgFileError:
 * @TG_FILE_ERROR_FORMAT: a file is not what it should be, or is damaged
 * @TG_FILE_ERROR_DTYPE: a file has elements of a type that there is no dtype for
 * @TG_FILE_ERROR_UNSUPPORTED: a file is encrypted, or packed in a way that is not known
 * @TG_FILE_ERROR_NAME: a name in an archive is missing, there twice, too long or no UTF-8
 *
 * Errors in files of tensors. What the system says about a file, such as that there is none, is an
 * [error@Gio.IOErrorEnum] or a [error@GLib.FileError].
 */
typedef enum
{
  TG_FILE_ERROR_FORMAT,
  TG_FILE_ERROR_DTYPE,
  TG_FILE_ERROR_UNSUPPORTED,
  TG_FILE_ERROR_NAME,
} TgFileError;

#define TG_SHAPE_ERROR (tg_shape_error_quark ())
#define TG_TYPE_ERROR (tg_type_error_quark ())
#define TG_GRAD_ERROR (tg_grad_error_quark ())
#define TG_PARSE_ERROR (tg_parse_error_quark ())
#define TG_COMPILE_ERROR (tg_compile_error_quark ())
#define TG_RUN_ERROR (tg_run_error_quark ())
#define TG_FILE_ERROR (tg_file_error_quark ())

TG_AVAILABLE_IN_ALL
GQuark tg_shape_error_quark (void);

TG_AVAILABLE_IN_ALL
GQuark tg_type_error_quark (void);

TG_AVAILABLE_IN_ALL
GQuark tg_grad_error_quark (void);

TG_AVAILABLE_IN_ALL
GQuark tg_parse_error_quark (void);

TG_AVAILABLE_IN_ALL
GQuark tg_compile_error_quark (void);

TG_AVAILABLE_IN_ALL
GQuark tg_run_error_quark (void);

TG_AVAILABLE_IN_ALL
GQuark tg_file_error_quark (void);

G_END_DECLS
