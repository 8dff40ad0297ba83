# Completion of gitreg in bash (3.2 and later). In ~/.bashrc:  eval "$(gitreg completion bash)"

_gitreg() {
    local line=${COMP_LINE:0:COMP_POINT} word quote='' prefix='' reply position sign
    local -a words=()

    # bash splits words at @ = : too (COMP_WORDBREAKS), which are parts of our names: split again, at blanks only.
    IFS=$' \t' read -r -a words <<<"$line"
    case $line in *[[:blank:]]) words+=('') ;; esac
    word=${words[${#words[@]} - 1]}
    case $word in
        [\"\']*) quote=${word:0:1} word=${word:1} ;;
    esac
    words[${#words[@]} - 1]=$word

    # bash keeps what stands up to the last of its breaks, and puts the reply behind it; @ is part of what it replaces, since it
    # may begin the name of a host (rl_special_prefixes of readline). Inside quotes nothing breaks.
    if [ -z "$quote" ]; then
        for ((position = ${#word} - 1; position >= 0; position--)); do
            sign=${word:position:1}
            case $COMP_WORDBREAKS in
                *"$sign"*) prefix=${word:0:position}${sign%@}; break ;;
            esac
        done
    fi

    COMPREPLY=()
    while IFS= read -r reply; do
        case $reply in
            '') ;;
            :files) while IFS= read -r reply; do COMPREPLY+=("$reply"); done < <(compgen -f -- "$word") ;;
            *) COMPREPLY+=("${reply#"$prefix"}") ;;
        esac
    done < <("${words[0]}" --complete "${words[@]:1}" 2>/dev/null)

    # a name that ends in a sign is to be typed on
    case ${COMPREPLY[0]-} in
        *[@\#:.]) type compopt >/dev/null 2>&1 && compopt -o nospace ;;
    esac
}

complete -F _gitreg gitreg
