export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * What a shell reads to complete command lines. Each script asks the tool itself (`completion words`), so that it never grows old;
 * the word that is being typed comes last, with `=` before it, because it may be empty.
 */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  // Bash breaks words at @, so the line is split anew and what stands before the last @ is left out of the answers.
  bash: `_modelwright() {
  local line="\${COMP_LINE:0:COMP_POINT}" current="" prefix="" word
  local -a words
  read -ra words <<<"$line"
  if [[ "$line" != *[[:space:]] ]]; then
    current="\${words[\${#words[@]}-1]}"
    unset "words[\${#words[@]}-1]"
  fi
  if [[ "$current" == *@* && "$COMP_WORDBREAKS" == *@* ]]; then prefix="\${current%@*}@"; fi
  COMPREPLY=()
  while IFS=$'\\t' read -r word _; do
    if [[ -n "$word" ]]; then COMPREPLY+=("\${word#"$prefix"}"); fi
  done < <("\${words[0]}" completion words -- "\${words[@]:1}" "=$current" 2>/dev/null)
}
complete -o default -F _modelwright modelwright`,
  zsh: `#compdef modelwright
_modelwright() {
  local -a candidates
  local line word
  for line in "\${(@f)$(\${words[1]} completion words -- "\${(@)words[2,CURRENT-1]}" "=\${words[CURRENT]}" 2>/dev/null)}"; do
    word="\${line%%$'\\t'*}"
    if [[ -n "$word" ]]; then candidates+=("\${word//:/\\\\:}:\${line#*$'\\t'}"); fi
  done
  if (( \${#candidates} )); then _describe modelwright candidates; else _files; fi
}
compdef _modelwright modelwright`,
  fish: `function __modelwright_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l offered ($words[1] completion words -- $words[2..-1] "=$current" 2>/dev/null)
    if test (count $offered) -gt 0
        printf '%s\\n' $offered
    else
        __fish_complete_path "$current"
    end
end
complete -c modelwright -f -a '(__modelwright_complete)'`,
};
