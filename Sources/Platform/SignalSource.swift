private import CLinux

/// Signals as something to poll. From its making on they interrupt nothing.
/// - Source: signalfd(2)
package final class SignalSource: Sendable {
    package enum Signal: Int32, CaseIterable, Sendable {
        case hangUp = 1
        case interrupt = 2
        case user1 = 10
        case user2 = 12
        case terminate = 15
    }

    private let source: Descriptor

    /// Blocks the signals in the calling thread: make it first, so that the threads made later inherit that.
    package init(_ signals: [Signal]) throws(SystemError) {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal.rawValue) }
        let code = pthread_sigmask(SIG_BLOCK, &set, nil)
        guard code == 0 else { throw SystemError("block signals", "", code: code) }
        source = try Descriptor("watch signals", "") { vendlock_signalfd(&set) }
    }

    /// For `Poller`.
    package var descriptor: Int32 { source.number }

    /// The next signal that came, or nil. Several of one kind may count as one.
    package func next() throws(SystemError) -> Signal? {
        var information = signalfd_siginfo()
        let count = read(source.number, &information, MemoryLayout<signalfd_siginfo>.size)
        if count > 0 { return Signal(rawValue: Int32(bitPattern: information.ssi_signo)) }
        let error = SystemError.last("read a signal", "")
        if error.code == EAGAIN || error.code == EINTR { return nil }
        throw error
    }
}
