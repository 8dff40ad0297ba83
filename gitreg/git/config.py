"""git's configuration files, read by GitPython without a git process, unless they include others."""

from __future__ import annotations

from configparser import Error as ParsingError
from io import BytesIO

from git.config import GitConfigParser

from gitreg.git.location import Location
from gitreg.git.run import Git


class _ConfigFile(BytesIO):
    """The bytes of a file; GitPython asks every file for its name."""

    name = "config"


def read_remote_options(config: bytes) -> dict[str, dict[str, str]]:
    """Read the options of each remote.

    Args:
        config: the bytes of a configuration file; what it includes is not read.

    Returns:
        Lower-case option names and their last values, by name of the remote; nothing where GitPython cannot read the file.
    """
    readable = config.decode("utf-8", "replace").encode()  # git takes any encoding, GitPython UTF-8 alone
    parser = GitConfigParser(_ConfigFile(readable), read_only=True, merge_includes=False)
    try:
        parser.read()
    except ParsingError:
        return {}
    sections = [section for section in parser.sections() if section.startswith('remote "')]
    return {
        section[len('remote "') : -1]: {
            option.lower(): str(parser.get_value(section, option))
            for option in parser.options(section)
            if option != "__name__"  # GitPython's own
        }
        for section in sections
    }


def read_included_remotes(location: Location) -> bytes:
    """Ask git what the repository's own configuration, and the files that it includes, say of remotes.

    Args:
        location: of the repository.

    Returns:
        That, as the bytes of a configuration file that includes nothing.
    """
    said = Git(location.git_dir).read("config", "--local", "--includes", "--null", "--list").stdout
    lines = []
    for option in said.split(b"\0"):
        key, _, value = option.partition(b"\n")
        section, _, rest = key.partition(b".")
        name, _, variable = rest.rpartition(b".")
        if section == b"remote" and name:
            lines.append(b'[remote "%b"]\n\t%b = "%b"\n' % (_escape(name), variable, _escape(value)))
    return b"".join(lines)


def _escape(text: bytes) -> bytes:
    """Escape what may not stand between quotation marks."""
    return text.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
