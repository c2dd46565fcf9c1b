# Completion of taskterm for fish: commands, options, task ids with titles, projects, tags, people.
#
# For every new shell:
#   taskterm completion fish > ~/.config/fish/completions/taskterm.fish

function __taskterm_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct | string replace -r '^["\']' '')
    for line in (command taskterm _complete $words[2..-1] "$current" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            printf '%s\n' $line
        end
    end
end

complete -c taskterm -f -k -a '(__taskterm_complete)'
