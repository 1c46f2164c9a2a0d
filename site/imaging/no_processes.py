"""Forbid this process to start processes or programs. Threads stay possible: HEIC needs one."""

import ctypes
import errno
import platform
import resource
import struct
import sys
from collections.abc import Callable

# The kernel's numbers: the architecture, then clone, clone3, and what is always forbidden.
NUMBERS = {
    # fork, vfork, execve and execveat.
    "x86_64": (0xC000003E, 56, 435, (57, 58, 59, 322)),
    # execve and execveat. This architecture has no fork and no vfork.
    "aarch64": (0xC00000B7, 220, 435, (221, 281)),
}
# On x86_64, numbers from here on are those of another interface to the same calls.
X32 = 0x40000000
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
CLONE_THREAD = 0x10000
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000
LOAD, EQUAL, AT_LEAST, HAS_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
# Where the filter finds the number, the architecture and the first argument of a call.
NUMBER, ARCHITECTURE, ARGUMENT = 0, 4, 16


def forbid_processes() -> None:
    """Let only threads be started. Without a filter in the kernel, not even those."""
    if not _install_filter():
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def is_supported() -> bool:
    """Return whether a filter exists for this machine."""
    return sys.platform == "linux" and platform.machine() in NUMBERS


def _install_filter() -> bool:
    if not is_supported():
        return False
    code = b"".join(_program(*NUMBERS[platform.machine()]))
    instructions = ctypes.create_string_buffer(code, len(code))
    # A `struct sock_fprog`: the number of instructions, padding, and a pointer.
    program = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(instructions))
    prctl: Callable[..., int] = ctypes.CDLL(None).prctl
    is_locked = prctl(NO_NEW_PRIVILEGES, *map(ctypes.c_ulong, (1, 0, 0, 0))) == 0
    buffer = ctypes.create_string_buffer(program, len(program))
    address = ctypes.addressof(buffer)
    return is_locked and prctl(SET_SECCOMP, *map(ctypes.c_ulong, (FILTER, address, 0, 0))) == 0


def _program(architecture: int, clone: int, clone3: int, forbidden: tuple[int, ...]) -> list[bytes]:
    """Return the filter as instructions: a code, two jump distances and a value."""

    def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("HBBI", code, if_true, if_false, value)

    refuse = instruction(RETURN, REFUSE | 1)
    return [
        instruction(LOAD, ARCHITECTURE),
        instruction(EQUAL, architecture, 1),
        instruction(RETURN, KILL),
        instruction(LOAD, NUMBER),
        instruction(AT_LEAST, X32, 0, 1),
        refuse,
        # C libraries use clone if clone3, whose flags a filter cannot read, is missing.
        instruction(EQUAL, clone3, 0, 1),
        instruction(RETURN, REFUSE | errno.ENOSYS),
        *(part for number in forbidden for part in (instruction(EQUAL, number, 0, 1), refuse)),
        instruction(EQUAL, clone, 0, 3),
        instruction(LOAD, ARGUMENT),
        instruction(HAS_BITS, CLONE_THREAD, 1),
        refuse,
        instruction(RETURN, ALLOW),
    ]
