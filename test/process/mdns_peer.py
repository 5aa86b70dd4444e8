# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""Another device on the loopback link, by python3-zeroconf: announces a host, or looks one up.

usage: mdns_peer.py announce HOST PORT   until it is killed; its service is HOST._ship._tcp.local
       mdns_peer.py resolve NAME         prints the address
       mdns_peer.py service TYPE NAME    prints target, port and address of an instance
"""
import signal
import socket
import sys

from zeroconf import AddressResolverIPv4, IPVersion, ServiceInfo, Zeroconf


LOOPBACK = "127.0.0.1"


def link() -> Zeroconf:
    return Zeroconf(interfaces=[LOOPBACK], ip_version=IPVersion.V4Only)


def announce(host: str, port: str) -> None:
    info = ServiceInfo("_ship._tcp.local.", f"{host}._ship._tcp.local.", port=int(port), server=f"{host}.local.",
                       addresses=[socket.inet_aton(LOOPBACK)], properties={"txtvers": "1"})
    z = link()
    z.register_service(info)
    print("announced", flush=True)
    signal.pause()


def resolve(name: str) -> None:
    resolver = AddressResolverIPv4(name + ".")
    with link() as z:
        found = resolver.request(z, 10_000)
    print(*resolver.parsed_addresses() if found else ["nothing"], flush=True)


def service(kind: str, name: str) -> None:
    with link() as z:
        info = z.get_service_info(kind + ".", f"{name}.{kind}.", 10_000)
    print(*([info.server, info.port, *info.parsed_addresses()] if info else ["nothing"]), flush=True)


{"announce": announce, "resolve": resolve, "service": service}[sys.argv[1]](*sys.argv[2:])
