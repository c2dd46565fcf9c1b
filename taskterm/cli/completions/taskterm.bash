# Completion of taskterm for bash 4.4 and newer: commands, options, task ids, projects, tags, people.
#
# For every new shell, one of:
#   taskterm completion bash > ~/.local/share/bash-completion/completions/taskterm     (with bash-completion)
#   echo 'source <(taskterm completion bash)' >> ~/.bashrc
# Press tab twice to see what the ids stand for.

_taskterm() {
    local IFS=$' \t\n'
    # The words as the user sees them: bash cuts them at every `:`, `=` and `@` too.
    local rest=${COMP_LINE:0:COMP_POINT} piece after word
    local -a words=()
    for piece in "${COMP_WORDS[@]}"; do
        after=${rest#"${rest%%[![:space:]]*}"}
        if [[ ! $after ]]; then
            break
        elif [[ $after != "$rest" || ${#words[@]} -eq 0 ]]; then
            words+=("")
        fi
        [[ ${#after} -lt ${#piece} ]] && piece=$after
        words[-1]+=$piece
        rest=${after#"$piece"}
    done
    [[ ${#words[@]} -lt 2 || $rest ]] && words+=("")

    # A quote that is still open ends the word's own quoting: bash replaces what stands behind it.
    local typed=${words[-1]} quote= i char
    local -i behind=0
    for ((i = 0; i < ${#typed}; i++)); do
        char=${typed:i:1}
        if [[ $quote ]]; then
            [[ $char == "$quote" ]] && quote=
        elif [[ $char == \\ ]]; then
            i+=1
        elif [[ $char == [\"\'] ]]; then
            quote=$char behind=i+1
        elif [[ $char == @ ]]; then
            behind=i # bash leaves it to the word behind it
        elif [[ $COMP_WORDBREAKS == *"$char"* ]]; then
            behind=i+1
        fi
    done
    local front=${typed:0:behind}
    front=${front//[\"\'\\]/}
    for i in "${!words[@]}"; do
        words[i]=${words[i]//[\"\'\\]/}
    done
    local current=${words[-1]}

    local meaning files=
    local -a found=() meanings=()
    while IFS=$'\t' read -r word meaning; do
        if [[ $word == :files ]]; then
            files=yes
        elif [[ $word == "$current"* ]]; then
            if [[ $word == *[!a-zA-Z0-9_.,:/@%+=-]* ]]; then
                [[ $quote ]] && continue # what a quote cannot hold safely is not offered inside one
                [[ $front && ${word#"$front"} == "$word" ]] && continue
                printf -v word %q "${word#"$front"}"
            else
                word=${word#"$front"}
            fi
            found+=("$word") meanings+=("$meaning")
        fi
    done < <(command taskterm _complete "${words[@]:1}" 2>/dev/null)

    COMPREPLY=("${found[@]}")
    if [[ $files ]]; then
        compopt -o default 2>/dev/null
    fi
    if [[ ${#found[@]} -eq 1 ]]; then
        [[ ${found[0]} == *[:=] ]] && compopt -o nospace 2>/dev/null
    elif [[ $COMP_TYPE == 63 || $COMP_TYPE == 33 ]]; then # bash lists them now: say what they are
        for i in "${!found[@]}"; do
            [[ ${meanings[i]} ]] && COMPREPLY[i]="${found[i]}  (${meanings[i]})"
        done
    fi
}

complete -o nosort -F _taskterm taskterm 2>/dev/null || complete -F _taskterm taskterm
