#compdef gitreg
# Completion of gitreg in zsh. In ~/.zshrc, after compinit:  eval "$(gitreg completion zsh)"

_gitreg() {
    local -a replies
    replies=("${(@f)$("${words[1]}" --complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ ${replies[1]} == ':files' ]]; then
        _files
        return
    fi
    replies=("${(@)replies:#}")
    # a name that ends in a sign is to be typed on
    compadd -S '' -- "${(@M)replies:#*[@#]}"
    compadd -- "${(@)replies:#*[@#]}"
}

if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then
    _gitreg "$@"
else
    compdef _gitreg gitreg
fi
