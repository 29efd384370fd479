"""A network of one cable: this side at 10.77.0.1, a namespace for the terminal at 10.77.0.2. Counts what crosses it."""

import os
import pathlib
import time

HERE, THERE = "10.77.0.1", "10.77.0.2"
ETHERNET = 14  # bytes of framing that the interface counts with each packet


class Cable:
    def __init__(self, bench):
        if os.geteuid() != 0:
            raise RuntimeError("this row makes a network namespace and must run as root")
        self.name, self.near, self.far = f"bench-{os.getpid()}", f"vb{os.getpid()}a"[:15], f"vb{os.getpid()}b"[:15]
        ip = ["ip"]
        bench.call(*ip, "netns", "add", self.name)
        bench.at_stop(lambda: bench.call(*ip, "netns", "del", self.name))
        # One segment a packet, so that a packet counted is a packet with its headers.
        shape = ["gso_max_segs", "1", "gro_max_size", "1500"]
        bench.call(*ip, "link", "add", self.near, "type", "veth", "peer", "name", self.far, "netns", self.name)
        there = [*ip, "-n", self.name]
        bench.call(*ip, "link", "set", self.near, *shape)
        bench.call(*there, "link", "set", self.far, *shape)
        # No IPv6 and no ARP: what is counted is the terminal's own traffic.
        pathlib.Path(f"/proc/sys/net/ipv6/conf/{self.near}/disable_ipv6").write_text("1")
        bench.call("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6", netns=self.name)
        bench.call(*ip, "address", "add", f"{HERE}/30", "dev", self.near)
        bench.call(*there, "address", "add", f"{THERE}/30", "dev", self.far)
        bench.call(*ip, "link", "set", self.near, "up")
        bench.call(*there, "link", "set", self.far, "up")
        bench.call(*there, "link", "set", "lo", "up")
        near_mac = pathlib.Path(f"/sys/class/net/{self.near}/address").read_text().strip()
        far_mac = bench.call(*there, "-br", "link", "show", self.far).split()[2]
        bench.call(*ip, "neigh", "replace", THERE, "lladdr", far_mac, "dev", self.near, "nud", "permanent")
        bench.call(*there, "neigh", "replace", HERE, "lladdr", near_mac, "dev", self.far, "nud", "permanent")

    def count(self):
        """(bytes of IP packets, packets), both directions."""
        folder = pathlib.Path(f"/sys/class/net/{self.near}/statistics")
        read = {name: int((folder / name).read_text()) for name in ("rx_bytes", "tx_bytes", "rx_packets", "tx_packets")}
        packets = read["rx_packets"] + read["tx_packets"]
        return read["rx_bytes"] + read["tx_bytes"] - ETHERNET * packets, packets

    def quiet(self, gap=1.5, seconds=300):
        """Waits until nothing has crossed for `gap` seconds, and returns the count."""
        last, since, end = self.count(), time.monotonic(), time.monotonic() + seconds
        while time.monotonic() - since < gap:
            time.sleep(0.05)
            now = self.count()
            if now != last:
                last, since = now, time.monotonic()
            if time.monotonic() > end:
                raise RuntimeError(f"the terminal did not fall quiet in {seconds} s")
        return last

    def bursts(self, number, least_bytes, seconds):
        """(bytes, packets) per burst: traffic between two quiet times that carries at least `least_bytes`.

        Smaller ones (a TCP probe) are counted with the burst that follows them.
        """
        start = mark = self.quiet()
        seen, settled, end = 0, start[0], time.monotonic() + seconds
        while seen < number:
            if self.count() == mark:
                time.sleep(0.05)
                if time.monotonic() > end:
                    raise RuntimeError(f"only {seen} of {number} exchanges in {seconds} s")
                continue
            mark = self.quiet()
            if mark[0] - settled >= least_bytes:
                seen, settled = seen + 1, mark[0]
        return (mark[0] - start[0]) / number, (mark[1] - start[1]) / number
