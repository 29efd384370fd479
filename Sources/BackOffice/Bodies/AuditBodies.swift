package import Store
package import Wire

/// `GET /v1/audit`, and `audit verify --json`.
package struct AuditBody: Codable, Sendable {
    package struct Finding: Codable, Sendable {
        /// `account:REF`, `device:IMEI` or `office`.
        package var subject: String
        package var what: String
        package var note: Int64?
        package var at: Timestamp?
        package var kind: String?
        package var detail: String
    }
    /// Every note follows from the one before it, and none is missing.
    package var ok: Bool
    package var verified_at: Timestamp
    package var notes: Int
    package var subjects: Int
    package var findings: [Finding]
    /// Subjects with faults that are not in `findings`; absent when there are none.
    package var further_subjects: Int?

    package init(_ verification: NoteVerification, at: Timestamp) {
        ok = verification.findings.isEmpty
        verified_at = at
        notes = verification.notes
        subjects = verification.subjects
        findings = verification.findings.map {
            Finding(subject: $0.subject.text, what: $0.what.rawValue, note: $0.note, at: $0.at, kind: $0.kind, detail: $0.detail)
        }
        further_subjects = verification.furtherSubjects == 0 ? nil : verification.furtherSubjects
    }
}
