import Glibc
import Testing

@testable import Platform

@Suite struct PollerTests {
    private let poller: Poller
    init() throws { poller = try Poller() }

    @Test func reportsWhatIsReadyUnderItsToken() throws {
        let (near, far) = try UnixStream.pair()
        try poller.register(near.descriptor, token: .max, interest: .read)
        #expect(try poller.ready(timeout: .zero) == [])
        #expect(try far.write([1]) == .bytes(1))
        #expect(try poller.ready(timeout: nil) == [.init(token: .max, readable: true, writable: false, hangUp: false)])
        try poller.modify(near.descriptor, token: 7, interest: [.write])
        #expect(try poller.ready(timeout: nil) == [.init(token: 7, readable: false, writable: true, hangUp: false)])
        try poller.remove(near.descriptor)
        #expect(try poller.ready(timeout: .zero) == [])
    }

    @Test func reportsAHangUpEvenWithoutInterest() throws {
        let near: UnixStream
        do {
            let pair = try UnixStream.pair()
            near = pair.0
        }
        try poller.register(near.descriptor, token: 1, interest: [])
        #expect(try poller.ready(timeout: nil).map(\.hangUp) == [true])
    }

    @Test func waitsInsideAnotherPoller() throws {
        let wakeup = try Wakeup()
        try poller.register(wakeup.descriptor, token: 1, interest: .read)
        let outer = try Poller()
        try outer.register(poller.descriptor, token: 2, interest: .read)
        #expect(try outer.ready(timeout: .zero) == [])
        wakeup.wake()
        #expect(try outer.ready(timeout: nil).map(\.token) == [2])
    }

    @Test func deliversMoreThanOneCallHolds() throws {
        let wakeups = try (0..<100).map { _ in try Wakeup() }
        for (index, wakeup) in wakeups.enumerated() {
            try poller.register(wakeup.descriptor, token: UInt64(index), interest: .read)
            wakeup.wake()
        }
        var seen: Set<UInt64> = []
        while seen.count < 100 {
            for event in try poller.ready(timeout: nil) {
                seen.insert(event.token)
                #expect(try wakeups[Int(event.token)].taken())
            }
        }
    }

    @Test func refusesAClosedDescriptor() {
        #expect(throws: SystemError.self) { try poller.register(-1, token: 1, interest: .read) }
    }

    @Test func countsManyWakesAsOne() throws {
        let wakeup = try Wakeup()
        #expect(try !wakeup.taken())
        wakeup.wake()
        wakeup.wake()
        #expect(try wakeup.taken())
        #expect(try !wakeup.taken())
    }

    @Test func ringsAtOnceForAMomentThatHasPassed() throws {
        let timer = try TimerSource()
        try poller.register(timer.descriptor, token: 1, interest: .read)
        for moment in [Uptime.now() - .seconds(1), Uptime(milliseconds: 0), Uptime.now() + .milliseconds(2)] {
            try timer.set(moment)
            #expect(try poller.ready(timeout: nil).count == 1)
            #expect(try timer.rang())
            #expect(try !timer.rang())
        }
    }

    @Test func doesNotRingWhenSwitchedOff() throws {
        let timer = try TimerSource()
        try timer.set(Uptime.now() + .seconds(3600))
        #expect(try !timer.rang())
        try timer.set(Uptime.now())
        try timer.set(nil)
        #expect(try !timer.rang())
    }

    @Test func turnsASignalIntoAnEvent() throws {
        let signals = try SignalSource([.user1, .terminate])
        try poller.register(signals.descriptor, token: 1, interest: .read)
        #expect(try signals.next() == nil)
        pthread_kill(pthread_self(), SIGUSR1)
        #expect(try poller.ready(timeout: nil).count == 1)
        #expect(try signals.next() == .user1)
        #expect(try signals.next() == nil)
    }
}
