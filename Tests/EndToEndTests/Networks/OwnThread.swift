import Foundation

/// Runs each piece of a task on a thread of its own: a test that waits by sleeping keeps no other from running.
final class OwnThread: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        Thread.detachNewThread { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}

/// For tests that spend their time waiting, so that many of them can wait at once.
func onItsOwnThread(_ work: @Sendable () throws -> Void) async throws {
    try await withTaskExecutorPreference(OwnThread()) { try work() }
}
