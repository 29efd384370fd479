private import CLinux

/// A short-lived process beside this one, whose standard output is read here. It ends at the latest with this object.
///
/// It sees our environment and writes to our standard error.
package final class Helper {
    /// What it writes, for `Poller`; its end is the end of its output.
    package let output: UnixStream
    private let process: Int32

    package init(_ program: String, _ arguments: [String]) throws(SystemError) {
        let (ours, theirs) = try UnixStream.pair()
        output = ours
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child: Int32 = -1
        let code = vendlock_spawn(program, &words, vendlock_environment(), theirs.descriptor, &child)
        guard code == 0 else { throw SystemError("start", program, code: code) }
        process = child
        withExtendedLifetime(theirs) {}
    }

    deinit {
        kill(process, SIGKILL)
        // A killed process ends at once, but for one that the kernel holds in a driver: that one is left to whoever reaps us.
        var tries = 20
        while tries > 0, waitpid(process, nil, WNOHANG) == 0 {
            usleep(500)
            tries -= 1
        }
    }
}
