# For 73-made.sh: what completions/vanban offers. Argument: the program.
set -u
program=$1
source completions/vanban
failed=0
complete_line() { # words… ; the last is being typed
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _vanban 2>/dev/null
}
offers() { # wanted typed words…
  local want=$1; shift
  complete_line "$@"
  [[ " ${COMPREPLY[*]} " == *" $want "* ]] || { echo "'$*' offers '${COMPREPLY[*]}', and not '$want'"; failed=1; }
}
not_offers() {
  local want=$1; shift
  complete_line "$@"
  [[ " ${COMPREPLY[*]} " != *" $want "* ]] || { echo "'$*' offers '$want'"; failed=1; }
}
offers build "$program" bu
offers templates "$program" ""
offers --version "$program" --v
offers --font-dir= "$program" build --fo
not_offers --p12= "$program" build --
offers --p12= "$program" sign --p
offers 3a "$program" build --pdfa = 3
offers 2a "$program" build --pdfa ""
offers edxml "$program" build -f ed
offers pdf,xlsx "$program" build -f pdf,xl
offers organ "$program" sign --role o
offers csv "$program" trace --format ""
not_offers csv "$program" check --format ""
offers vi "$program" --lang ""
offers check "$program" --lang vi ch
offers samples "$program" build sam
offers bao-cao-cchc "$program" new bao-cao-cc
not_offers bao-cao-cchc "$program" new bao-cao-cchc bao-cao-cc
offers tests/check.d "$program" sign tests/ch
exit $failed
