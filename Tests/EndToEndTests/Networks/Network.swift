import Glibc
import TestSupport

/// A terminal, the router of its network, and a back office at the far end: three networks with a line between each two.
///
/// The router translates the terminal's IPv4 address, routes its IPv6, and answers for names. What is wrong with the network is up to the test.
final class Network: Sendable {
    enum Families: Sendable { case both, v4, v6 }

    /// What the back office is called.
    static let name = "office.test"
    static let portalPort = 8443

    let terminal: NetworkNamespace
    let router: NetworkNamespace
    private let families: Families
    private let directory: TemporaryDirectory
    private let names: ChildProcess
    /// Of a line that is slower than a cable.
    private let line: ChildProcess?

    /// - Parameter delay: what each packet takes between terminal and router; absent: a cable.
    init(_ families: Families = .both, delay: Duration? = nil) throws {
        self.families = families
        terminal = try NetworkNamespace()
        router = try NetworkNamespace(beside: terminal)
        directory = try TemporaryDirectory()
        if let delay {
            line = try Self.slowLine(terminal, router, delay)
        } else {
            line = nil
            // Named by who is at the other end. A segment is a packet: the rules and limits of a network are for packets.
            try terminal.plug("line0", into: router, as: "line0")
            try terminal.run("ip link set line0 gso_max_segs 1")
        }
        if families != .v6 { try Self.address("10.77.0.", terminal, "line0", at: router, "line0") }
        if families != .v4 { try Self.address("2001:db8:77::", terminal, "line0", at: router, "line0") }
        try router.run("echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding")
        // As in the networks of mobile operators: nothing comes in that was not asked for, and nobody is told so.
        try router.filter(
            """
            table inet nat {
              chain out { type nat hook postrouting priority 100; ip saddr 10.77.0.0/24 oifname != "line0" masquerade; }
              chain in { type filter hook input priority 0; ct state established accept; iifname != { "lo", "line0" } meta l4proto tcp drop; }
              chain through { type filter hook forward priority 10; ct state invalid drop; }
            }
            """)
        names = try router.start(
            "/usr/sbin/dnsmasq",
            [
                "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--addn-hosts=\(directory.write("", to: "hosts"))",
                "--local=/test/", "--local-ttl=1",
            ])
        try terminal.replace("/etc/resolv.conf", with: "nameserver \(families == .v6 ? "2001:db8:77::1" : "10.77.0.1")\n")
    }

    /// The far end gets address 2, the router 1, and the way out is through that.
    private static func address(
        _ prefix: String, _ far: NetworkNamespace, _ farName: String, at router: NetworkNamespace, _ nearName: String
    ) throws {
        // Without the search for duplicates an IPv6 address can be used at once.
        let end = prefix.contains(":") ? "/64 nodad" : "/24"
        try router.run("ip address add \(prefix)1\(end) dev \(nearName)")
        try far.run("ip address add \(prefix)2\(end) dev \(farName)\nip route add default via \(prefix)1")
    }

    private static func slowLine(_ first: NetworkNamespace, _ second: NetworkNamespace, _ delay: Duration) throws -> ChildProcess {
        let milliseconds = delay.components.seconds * 1000 + delay.components.attoseconds / 1_000_000_000_000_000
        let line = try ChildProcess(Script.python, [Script.path("line.py"), "\(first.pid)", "\(second.pid)", "\(milliseconds)"])
        try eventually("the line") {
            if line.hasEnded { throw Failure("line.py: \(line.errors)") }
            return line.output.contains("up")
        }
        for end in [first, second] { try end.run("ip link set line0 up") }
        return line
    }

    // MARK: The far end

    /// Addresses of one end of the network.
    struct Addresses: Sendable {
        var v4: String?
        var v6: String?
        var all: [String] { [v4, v6].compactMap { $0 } }
    }

    /// A network of its own behind the router, for one server. `number` is from 1 to 76.
    func site(_ number: Int) throws -> (network: NetworkNamespace, addresses: Addresses) {
        let site = try NetworkNamespace(beside: terminal)
        try site.plug("net0", into: router, as: "site\(number)")
        try site.run("ip link set net0 gso_max_segs 1")
        var addresses = Addresses()
        if families != .v6 {
            try Self.address("198.18.\(number).", site, "net0", at: router, "site\(number)")
            addresses.v4 = "198.18.\(number).2"
        }
        if families != .v4 {
            try Self.address("2001:db8:\(number)::", site, "net0", at: router, "site\(number)")
            addresses.v6 = "2001:db8:\(number)::2"
        }
        return (site, addresses)
    }

    /// From now on the name of the back office is that of these addresses.
    func resolve(to addresses: Addresses) throws {
        _ = try directory.write(addresses.all.map { "\($0) \(Self.name)\n" }.joined(), to: "hosts")
        names.signal(SIGHUP)
        try eventually("\(Self.name) to be \(addresses.all)") {
            if names.hasEnded { throw Failure("dnsmasq: \(names.errors)") }
            let found = try terminal.run("getent ahosts \(Self.name) || true")
            return addresses.all.allSatisfy(found.contains)
                && Set(found.split(separator: "\n").map { $0.prefix { $0 != " " } }).count == addresses.all.count
        }
    }

    // MARK: What is wrong with it

    /// The router's rules from now on, besides its own; chains in the words of nftables.
    func trouble(_ chains: String) throws {
        try router.filter("table inet trouble\ndelete table inet trouble\ntable inet trouble {\n\(chains)\n}")
    }

    func trouble(_ chains: [String]) throws { try trouble(chains.joined(separator: "\n")) }

    func noTrouble() throws { try router.filter("table inet trouble\ndelete table inet trouble") }

    /// Connections to servers end at the router from now on, and new ones come to whoever listens on its portal's port.
    func divert() throws {
        try trouble(
            """
            chain divert { type nat hook prerouting priority -100; iifname "line0" tcp dport 443 redirect to :\(Self.portalPort); }
            chain old { type filter hook forward priority 0; iifname "line0" tcp dport 443 reject with tcp reset; }
            """)
    }
}

/// The programs beside these tests.
enum Script {
    static let python = "/usr/bin/python3"
    static func path(_ name: String, from file: String = #filePath) -> String {
        file.prefix(through: file.lastIndex(of: "/")!) + name
    }
}
