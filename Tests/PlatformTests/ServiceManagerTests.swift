import Glibc
import TestSupport
import Testing

@testable import Platform

@Suite struct ServiceManagerTests {
    private let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private let start = Uptime(milliseconds: 1_000_000)

    @Test func tellsAManagerAtAPath() throws {
        let manager = try NotifySocket(scratch.file("notify"))
        let service = try ServiceManager(socket: manager.name)
        service.tell(.ready)
        service.tell(.reloading)
        service.tell(.stopping)
        #expect(manager.heard() == ["READY=1", "RELOADING=1", "STOPPING=1"])
    }

    @Test func tellsAManagerWithAnAbstractName() throws {
        let manager = try NotifySocket("@vendlock-test/\(getpid())/\(scratch.path)")
        try ServiceManager(socket: manager.name).tell(.ready)
        #expect(manager.heard() == ["READY=1"])
    }

    @Test(arguments: [nil, ""]) func withoutAManagerNothingIsSaidAndNothingIsDue(_ socket: String?) throws {
        let service = try ServiceManager(socket: socket, watchdog: ("1000000", nil))
        service.tell(.ready)
        service.turned(at: start)
        #expect(service.longestSleep(at: start) == nil)
    }

    @Test func feedsAtHalfTheIntervalAndOnlyWhenTheLoopGoesRound() throws {
        let manager = try NotifySocket(scratch.file("notify"))
        let service = try ServiceManager(socket: manager.name, watchdog: ("10000000", "\(getpid())"))
        #expect(service.longestSleep(at: start) == .zero)
        service.turned(at: start)
        #expect(manager.heard() == ["WATCHDOG=1"])
        #expect(service.longestSleep(at: start + .seconds(1)) == .seconds(4))
        service.turned(at: start + .milliseconds(4999))
        #expect(manager.heard() == [])
        // A loop that stood still for a minute has fed nothing meanwhile and feeds once.
        #expect(service.longestSleep(at: start + .seconds(60)) == .zero)
        service.turned(at: start + .seconds(60))
        service.turned(at: start + .seconds(60))
        #expect(manager.heard() == ["WATCHDOG=1"])
    }

    @Test(arguments: [("0", nil), ("nonsense", nil), (nil, nil), ("10000000", "1")] as [(String?, String?)])
    func aWatchdogOfAnotherProcessOrNoneIsNotFed(_ microseconds: String?, _ pid: String?) throws {
        let manager = try NotifySocket(scratch.file("notify"))
        let service = try ServiceManager(socket: manager.name, watchdog: (microseconds, pid))
        service.turned(at: start)
        #expect(manager.heard() == [])
        #expect(service.longestSleep(at: start) == nil)
    }

    @Test func whatAFullQueueHasNoRoomForIsSaidLater() throws {
        let manager = try NotifySocket(scratch.file("notify"))
        let service = try ServiceManager(socket: manager.name)
        while service.longestSleep(at: start) == nil { service.tell(.reloading) }
        service.tell(.ready)
        #expect(!manager.heard().contains("READY=1"))
        service.turned(at: start)
        #expect(manager.heard() == ["RELOADING=1", "READY=1"])
        #expect(service.longestSleep(at: start) == nil)
    }

    @Test func aManagerThatIsGoneHoldsNothingUp() throws {
        var manager: NotifySocket? = try NotifySocket(scratch.file("notify"))
        let service = try ServiceManager(socket: try #require(manager).name)
        manager = nil
        service.tell(.ready)
        #expect(service.longestSleep(at: start) == nil)
    }

    @Test func saysWhichNameItCannotReach() throws {
        for name in [scratch.file("none"), "vsock:2:1", "/", "@" + String(repeating: "x", count: 108)] {
            let error = #expect(throws: SystemError.self) { try ServiceManager(socket: name) }
            #expect(error?.description.contains("NOTIFY_SOCKET") == true)
        }
    }
}
