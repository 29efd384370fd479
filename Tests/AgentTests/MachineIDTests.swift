import Agent
import Glibc
import Platform
import Testing

struct MachineIDTests {
    private let scratch = Scratch()

    private func file(_ text: String, _ name: String = "machine-id") throws -> String {
        let path = scratch.path + "/" + name
        try AtomicFile.write(Array(text.utf8), to: path, mode: 0o644)
        return path
    }

    /// What `systemd-id128 machine-id --app-specific=…` of systemd 252 prints for this identifier.
    @Test func isWhatSystemdDerives() throws {
        #expect(MachineID.application == "e7a0b95d6c3f4f1c9d2284b1c05e7a36")
        let path = try file("0123456789abcdef0123456789abcdef\n")
        #expect(MachineID.read([path]).description == "2ac73b50acc341ef869067db826b5da7")
        #expect(MachineID.read([path]).absence == nil)
        #expect(MachineID.read([try file("0123456789abcdef0123456789abcdee\n", "other")]) != MachineID.read([path]))
    }

    @Test(arguments: [
        "", "\n", "uninitialized\n", "00000000000000000000000000000000\n", "0123456789abcdef0123456789abcde\n", "0123456789abcdef0123456789abcdefa\n",
        "0123456789abcdef0123456789abcdeg\n", "01234567-89ab-cdef-0123-456789abcdef\n", String(repeating: "0123456789abcdef", count: 30),
    ])
    func whatIsNoIdentifierIsNone(text: String) throws {
        let id = MachineID.read([try file(text), scratch.path + "/missing", scratch.path])
        #expect(id == .none)
        #expect(id.absence?.contains("machine-id") == true)
    }

    @Test func theSecondFileCountsWhenTheFirstHasNone() throws {
        let second = try file("0123456789abcdef0123456789abcdef", "second")
        #expect(MachineID.read([try file(""), second]) == MachineID.read([second]))
        #expect(MachineID.read([second]) != .none)
    }

    /// As systemd mounts it where `/etc` cannot be written: another one after each boot.
    @Test func oneThatIsGoneWithTheNextBootIsNone() throws {
        let directory = scratch.path + "/run"
        mkdir(directory, 0o700)
        try #require(mount("tmpfs", directory, "tmpfs", 0, "size=64k") == 0, "this test needs root")
        defer { umount2(directory, Int32(MNT_DETACH)) }
        let id = MachineID.read([try file("0123456789abcdef0123456789abcdef\n", "run/machine-id")])
        #expect(id == .none)
        #expect(id.absence?.contains("after each boot") == true)
    }
}
