# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of tg for bash.  The options are those that the program itself lists.

_tg_options () {
  tg "$1" --help 2>/dev/null | sed -n 's/^  \(-h, \)\?\(--[a-z]*=\?\).*/\2/p'
}

_tg () {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local command=${COMP_WORDS[1]}

  # “=” is a word of its own to bash.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi

  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W 'explain accuracy grad eval dot --help --version' -- "$word")
    return
  fi

  case $before in
    --accuracy)
      mapfile -t COMPREPLY < <(compgen -W 'normal high' -- "$word")
      ;;
    --mode)
      mapfile -t COMPREPLY < <(compgen -W 'exact real stable fast reference accurate check
        check-finite threads= -search' -- "$word")
      ;;
    --output)
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      ;;
    *)
      if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_tg_options "$command")" -- "$word")
        [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
      else
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -X '!*.tg' -- "$word"; compgen -d -- "$word")
      fi
      ;;
  esac
}

complete -F _tg tg
