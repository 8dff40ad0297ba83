# Completion of gitreg in fish. In ~/.config/fish/config.fish:  gitreg completion fish | source

function __gitreg_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l word (string unescape -- (commandline --cut-at-cursor --current-token))
    set -l replies ($words[1] --complete $words[2..-1] "$word" 2>/dev/null)
    if test "$replies[1]" = ':files'
        __fish_complete_path "$word"
    else
        printf '%s\n' $replies
    end
end

complete --command gitreg --no-files --arguments '(__gitreg_complete)'
