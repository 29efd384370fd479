@testable import Platform
import Testing

struct NetworkWatchTests {
    /// A netlink message of a type: header and padding to four bytes.
    private func message(_ type: UInt16, payload: Int = 8, length: UInt32? = nil) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (16 + payload + 3) & ~3)
        bytes.withUnsafeMutableBytes {
            $0.storeBytes(of: length ?? UInt32(16 + payload), as: UInt32.self)
            $0.storeBytes(of: type, toByteOffset: 4, as: UInt16.self)
        }
        return bytes
    }

    /// Numbers of linux/rtnetlink.h.
    @Test(arguments: [(16, "gained"), (17, nil), (20, "gained"), (21, "addressLost"), (24, "gained"), (25, nil), (28, nil)] as [(UInt16, String?)])
    func tellsWhatMatters(type: UInt16, change: String?) {
        let found = NetworkWatch.read(message(type)[...])
        #expect(found.map { "\($0)" } == [change].compactMap(\.self))
    }

    @Test func readsSeveralMessagesOfOneDatagram() {
        #expect(NetworkWatch.read((message(16, payload: 9) + message(25) + message(21))[...]) == [.gained, .addressLost])
    }

    @Test(arguments: [0, 3, 15, 17, 4096] as [UInt32])
    func aLengthThatIsALieEndsTheReading(length: UInt32) {
        let found = NetworkWatch.read((message(16) + message(21, payload: 0, length: length))[...])
        #expect(found == [.gained])
    }

    @Test func isQuietWhereNothingChanges() throws {
        let watch = try NetworkWatch()
        _ = try watch.changes()
    }
}
