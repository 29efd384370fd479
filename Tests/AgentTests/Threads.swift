import Glibc

/// Runs work on a thread of its own.
func onThread(_ work: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Box(work)).toOpaque()
    pthread_create(
        &thread, nil,
        { context in
            Unmanaged<Box>.fromOpaque(context!).takeRetainedValue().work()
            return nil
        }, context)
    pthread_detach(thread)
}

/// Waits until it is so; false when it is not after the deadline, which only a failing test meets.
func eventually(within seconds: Double = 20, _ condition: () -> Bool) -> Bool {
    let end = monotonic() + seconds
    while monotonic() < end {
        if condition() { return true }
        usleep(5000)
    }
    return condition()
}

func monotonic() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
