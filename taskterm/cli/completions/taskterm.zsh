#compdef taskterm
# Completion of taskterm for zsh: commands, options, task ids with titles, projects, tags, people.
#
# For every new shell, one of:
#   taskterm completion zsh > ~/.zfunc/_taskterm     (with fpath=(~/.zfunc $fpath) before compinit in ~/.zshrc)
#   echo 'source <(taskterm completion zsh)' >> ~/.zshrc     (behind compinit)

_taskterm() {
    emulate -L zsh
    local line word meaning shown files=
    local -a found meanings open
    while IFS=$'\t' read -r word meaning; do
        if [[ $word == :files ]]; then
            files=yes
            continue
        fi
        shown=$word
        [[ -n $meaning ]] && shown="$word  $meaning"
        if [[ $word == *[:=] ]]; then
            open+=("$word")
        else
            found+=("$word")
            meanings+=("$shown")
        fi
    done < <(command taskterm _complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)

    local -i answer=1
    (( ${#found} )) && compadd -l -V taskterm -d meanings -a -- found && answer=0
    (( ${#open} )) && compadd -V taskterm-keys -S '' -a -- open && answer=0
    [[ -n $files ]] && _files && answer=0
    return answer
}

if [[ ${funcstack[1]} == _taskterm ]]; then
    _taskterm "$@"
elif (( $+functions[compdef] )); then
    compdef _taskterm taskterm
fi
