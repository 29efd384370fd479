import Glibc
import Synchronization

/// Runs `body` on so many threads of the system at once and waits for all; throws the first error.
func together(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
    final class Work: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    let failure = Mutex<(any Error)?>(nil)
    let threads = (0..<count).map { number in
        var thread = pthread_t()
        let work = Work {
            do { try body(number) } catch { failure.withLock { $0 = $0 ?? error } }
        }
        pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(work).toOpaque())
        return thread
    }
    for thread in threads { pthread_join(thread, nil) }
    if let failure = failure.withLock({ $0 }) { throw failure }
}

/// Something that happens once and is waited for.
final class Happening: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func happen() { sem_post(semaphore) }
    func wait() { while sem_wait(semaphore) != 0 {} }
}
