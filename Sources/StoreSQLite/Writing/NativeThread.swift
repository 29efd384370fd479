private import Glibc

/// A thread of the system, for work that blocks: it keeps such work off Swift's cooperative pool.
final class NativeThread: @unchecked Sendable {
    private let identity: pthread_t

    private final class Start {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    init(_ body: @escaping @Sendable () -> Void) {
        var identity = pthread_t()
        let start = Unmanaged.passRetained(Start(body))
        let code = pthread_create(
            &identity, nil,
            { argument in
                guard let argument else { preconditionFailure("a thread was started without its work") }
                Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, start.toOpaque())
        precondition(code == 0, "no thread could be made for the store: raise the limit of tasks (\(code))")
        self.identity = identity
    }

    var isCurrent: Bool { pthread_equal(pthread_self(), identity) != 0 }

    /// Waits for its end; called once.
    func join() {
        pthread_join(identity, nil)
    }
}
