# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""A link of its own, in a network namespace of its own: a pair of Ethernet interfaces, the command at one end and
python3-zeroconf at the other, by IPv6 alone. Nothing of it is seen outside.

usage: unshare --user --map-root-user --net own_link.py NAME COMMAND...

The command finds the addresses of both ends in SMGW_NEAR and SMGW_FAR, and is told in a line whether NAME was found at
its end. Exits with its code, or with 77 where the kernel has no such interfaces.
"""
import fcntl
import os
import socket
import struct
import subprocess
import sys
import time

from zeroconf import AddressResolverIPv6, IPVersion, ServiceInfo, Zeroconf

NEAR, FAR = "near0", "far0"


def attribute(kind: int, data: bytes) -> bytes:
    """rtnetlink(7)"""
    return struct.pack("=HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def make_pair() -> bool:
    ifname, linkinfo, info_kind, info_data, veth_peer = 3, 18, 1, 2, 1
    header = struct.pack("=BxHiII", 0, 0, 0, 0, 0)
    peer = attribute(veth_peer, header + attribute(ifname, FAR.encode() + b"\0"))
    body = header + attribute(ifname, NEAR.encode() + b"\0") + attribute(
        linkinfo, attribute(info_kind, b"veth") + attribute(info_data, peer))
    new_link, request_ack_create_excl = 16, 0x0605
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as s:
        s.send(struct.pack("=IHHII", 16 + len(body), new_link, request_ack_create_excl, 1, 0) + body)
        return struct.unpack("=i", s.recv(4096)[16:20])[0] == 0


def bring_up(name: str) -> None:
    set_flags, up_running = 0x8914, 0x41
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, set_flags, struct.pack("16sh14x", name.encode(), up_running))


def link_local(name: str) -> str:
    """Its address, as soon as nobody else turns out to have it."""
    tentative = 0x40
    for _ in range(100):
        with open("/proc/net/if_inet6", encoding="ascii") as all_of_them:
            for line in all_of_them:
                address, _, _, scope, flags, interface = line.split()
                if interface == name and scope == "20" and not int(flags, 16) & tentative:
                    return socket.inet_ntop(socket.AF_INET6, bytes.fromhex(address))
        time.sleep(0.1)
    sys.exit(f"{name} has no address")


def main(name: str, *command: str) -> int:
    if not make_pair():
        return 77
    bring_up(NEAR)
    bring_up(FAR)
    near, far = link_local(NEAR), link_local(FAR)
    z = Zeroconf(interfaces=[socket.if_nametoindex(FAR)], ip_version=IPVersion.V6Only)
    z.register_service(ServiceInfo("_ship._tcp.local.", "box._ship._tcp.local.", port=4712, server="box.local.",
                                   addresses=[socket.inet_pton(socket.AF_INET6, far)]))
    running = subprocess.Popen(command, stdin=subprocess.PIPE, text=True,
                               env=os.environ | {"SMGW_NEAR": near, "SMGW_FAR": far})
    resolver = AddressResolverIPv6(name + ".")
    found = resolver.request(z, 20_000) and near in [a.split("%")[0] for a in resolver.parsed_addresses()]
    running.communicate("found\n" if found else f"not found: {resolver.parsed_addresses()}\n")
    z.close()
    return running.returncode


sys.exit(main(*sys.argv[1:]))
