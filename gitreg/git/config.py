"""git's configuration files, read by GitPython without a git process."""

from __future__ import annotations

from configparser import Error as ParsingError
from io import BytesIO

from git.config import GitConfigParser


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
