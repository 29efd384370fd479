import Foundation
import Glibc

/// A network of its own for the programs that are started in it: no address, no route but what a test gives it.
/// Files and Unix sockets are everybody's, but for those that `replace` puts in their place.
///
/// It needs no privileges: the first makes a user namespace in which the tester is root, and those beside it share that one.
/// Nothing has a name or an entry anywhere, so that nothing is left over: a network is gone with its last process, interfaces and rules with it.
/// - Source: network_namespaces(7), user_namespaces(7)
package final class NetworkNamespace: Sendable {
    /// Holds the networks when nothing else runs in them, until the tests have ended, however they did.
    private let holder: ChildProcess
    private let directory: TemporaryDirectory

    /// - Parameter neighbour: one that this is to be connected with.
    package init(beside neighbour: NetworkNamespace? = nil) throws {
        directory = try TemporaryDirectory()
        let hold = ["sh", "-c", "echo stands; while kill -0 \(getpid()) 2>/dev/null; do sleep 3; done"]
        let make = ["unshare", "--net", "--mount"]
        let words =
            if let neighbour { neighbour.entry(["--user"]) + make + hold } else { make + ["--user", "--map-root-user"] + hold }
        let holder = try ChildProcess(words[0], Array(words.dropFirst()))
        self.holder = holder
        try eventually("a network namespace") {
            guard !holder.hasEnded else {
                throw Failure(
                    """
                    No network namespace can be made here: \(holder.errors). These tests need a kernel that lets the tester make a user namespace \
                    (user_namespaces(7); sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone), or root.
                    """)
            }
            return holder.output.contains("stands")
        }
        try run("ip link set lo up")
    }

    package var pid: Int32 { holder.pid }

    /// What goes in front of a program so that it runs in this network.
    package var wrapper: [String] { entry(["--user", "--net", "--mount"]) }

    private func entry(_ namespaces: [String]) -> [String] {
        ["nsenter", "--target", "\(pid)", "--preserve-credentials"] + namespaces + ["--"]
    }

    package func start(_ program: String, _ arguments: [String]) throws -> ChildProcess {
        let words = wrapper + [program] + arguments
        return try ChildProcess(words[0], Array(words.dropFirst()))
    }

    /// Runs a shell script in it to its end; `ip`, `tc` and `nft` are found for those who are not root, too.
    @discardableResult
    package func run(_ script: String) throws -> String {
        let words = wrapper + ["sh", "-euc", "PATH=$PATH:/usr/sbin:/sbin\n" + script]
        let result = try Programs.run(words[0], Array(words.dropFirst()))
        guard result.status == 0 else { throw Failure("in a network namespace: \(script): \(result.errors)") }
        return result.output
    }

    /// Gives nftables rules, all of them at once or none.
    package func filter(_ rules: String) throws { try run("nft -f - <<'END'\n\(rules)\nEND") }

    /// A cable between this network and another.
    ///
    /// - Parameter name: of the interface at this end; `far` of the other.
    package func plug(_ name: String, into other: NetworkNamespace, as far: String) throws {
        try run("ip link add name \(name) type veth peer name \(far) netns \(other.pid)\nip link set \(name) up")
        try other.run("ip link set \(far) up")
    }

    /// Shows the programs of this network another text where they look for the file at `path`.
    package func replace(_ path: String, with text: String) throws {
        let file = try directory.write(text, to: path.replacing("/", with: "_"))
        try run("mount --bind '\(file)' '\(path)'")
    }
}
