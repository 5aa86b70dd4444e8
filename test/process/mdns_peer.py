# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
"""Another device on the loopback link, by python3-zeroconf: announces a host, or looks one up.

usage: mdns_peer.py announce HOST PORT [ADDRESS]   until it is killed; its service is HOST._ship._tcp.local
       mdns_peer.py resolve NAME                   prints the address
       mdns_peer.py service TYPE NAME              prints target, port and address of an instance
"""
import ipaddress
import signal
import sys

from zeroconf import AddressResolverIPv4, IPVersion, ServiceInfo, Zeroconf


def link(address: str) -> Zeroconf:
    six = ipaddress.ip_address(address).version == 6
    return Zeroconf(interfaces=[address], ip_version=IPVersion.V6Only if six else IPVersion.V4Only)


def announce(host: str, port: str, address: str = "127.0.0.1") -> None:
    info = ServiceInfo("_ship._tcp.local.", f"{host}._ship._tcp.local.", port=int(port), server=f"{host}.local.",
                       addresses=[ipaddress.ip_address(address).packed], properties={"txtvers": "1"})
    z = link(address)
    z.register_service(info)
    print("announced", flush=True)
    signal.pause()


def resolve(name: str) -> None:
    resolver = AddressResolverIPv4(name + ".")
    with link("127.0.0.1") as z:
        found = resolver.request(z, 10_000)
    print(*resolver.parsed_addresses() if found else ["nothing"], flush=True)


def service(kind: str, name: str) -> None:
    with link("127.0.0.1") as z:
        info = z.get_service_info(kind + ".", f"{name}.{kind}.", 10_000)
    print(*([info.server, info.port, *info.parsed_addresses()] if info else ["nothing"]), flush=True)


{"announce": announce, "resolve": resolve, "service": service}[sys.argv[1]](*sys.argv[2:])
