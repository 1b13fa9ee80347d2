"""A network of this process's own: its loopback, and nobody else's packets.

It has no name and ends with the last process in it, whatever happens.
"""
import ctypes
import fcntl
import os
import socket
import struct

CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1


def unshare(flags):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def become_root_of_own_network():
    """For a user without rights: root inside, and only there."""
    user, group = os.getuid(), os.getgid()
    unshare(CLONE_NEWUSER | CLONE_NEWNET)
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", f"0 {user} 1")
    write("/proc/self/gid_map", f"0 {group} 1")


def bring_up(name="lo"):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", name.encode(), IFF_UP))


def enter():
    """Call it before any thread is started. Gives the reason when it can't be done."""
    try:
        if os.geteuid() == 0:
            unshare(CLONE_NEWNET)
        else:
            become_root_of_own_network()
        bring_up()
    except OSError as error:
        return f"no network namespace of our own: {error.strerror}"
    return None
