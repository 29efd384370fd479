private import CLinux
private import Glibc

/// A named thread of the operating system, for work that may block.
package struct WorkerThread: Sendable {
    private let identifier: pthread_t

    /// Starts `body` on a thread of its own.
    ///
    /// - Parameters:
    ///   - name: shown by `ps -L`; the kernel keeps 15 bytes of it.
    ///   - stackSize: bytes, rounded up to whole pages; at least what the C library needs.
    /// - Throws: `WorkerThreadError` when the system has no thread or memory left.
    /// - Source: pthread_create(3), proc(5)
    package init(name: String, stackSize: Int, body: @escaping @Sendable () -> Void) throws(WorkerThreadError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        let page = 4096
        let size = max(stackSize, 64 * 1024)
        pthread_attr_setstacksize(&attributes, (size + page - 1) / page * page)

        let start = Unmanaged.passRetained(ThreadStart(name: name, body: body))
        var identifier = pthread_t()
        let result = pthread_create(
            &identifier, &attributes,
            { argument in
                // The argument is the retained start that pthread_create was given.
                let start = Unmanaged<ThreadStart>.fromOpaque(argument!).takeRetainedValue()
                WorkerThread.name(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        guard result == 0 else {
            start.release()
            throw WorkerThreadError(native: result)
        }
        self.identifier = identifier
    }

    /// Names the calling thread through /proc, because pthread_setname_np and the variadic prctl are out of Swift's reach.
    private static func name(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        // Without a name the thread works as well.
        _ = write(file, name, name.utf8.count)
        close(file)
    }

    /// Waits until the thread has ended. To be called once.
    package func join() {
        let result = pthread_join(identifier, nil)
        precondition(result == 0, "A thread is joined once, and not by itself.")
    }
}

/// No thread could be started; `native` is the errno value, as `EAGAIN` when a limit is reached.
package struct WorkerThreadError: Error {
    package let native: Int32
}

private final class ThreadStart: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}
