"""git's configuration files, read by GitPython without a git process."""

from __future__ import annotations

from io import BytesIO

from git.config import GitConfigParser


def read_remote_options(config: BytesIO) -> dict[str, dict[str, str]]:
    """Read the options of each remote.

    Args:
        config: a configuration file; what it includes is not read.

    Returns:
        Lower-case option names and their last values, by name of the remote.
    """
    parser = GitConfigParser(config, read_only=True, merge_includes=False)
    sections = [section for section in parser.sections() if section.startswith('remote "')]
    return {
        section[len('remote "') : -1]: {
            option.lower(): str(parser.get_value(section, option)) for option in parser.options(section)
        }
        for section in sections
    }
