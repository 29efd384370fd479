import Store
import Wire

/// Answers as their callers may see them.
extension BackOffice {
    func shown(_ account: AccountBody, to call: Call) throws -> AccountBody {
        try discretion.disclosure(of: account.reference, to: call.caller).shown(account)
    }

    func shown(_ drill: DrillBody, to call: Call) throws -> DrillBody {
        try discretion.disclosure(of: drill.account, to: call.caller).shown(drill)
    }

    /// Accounts by reference. Part of an IMEI finds none that is being checked, or its caller could try the digits one by one.
    func accountPage(matching text: String?, after: AccountReference?, limit: Int, for call: Call) throws -> AccountListBody {
        var (after, shown) = (after, [AccountBody]())
        while true {
            let page = try accounts.list(matching: text, after: after, limit: limit)
            let checked = try discretion.checked(page.accounts.map(\.reference), for: call.caller)
            for account in page.accounts {
                let isChecking = checked.contains(account.reference)
                if isChecking, let text, !AccountSearch(text).finds(account) { continue }
                shown.append(Disclosure(caller: call.caller?.role, isChecking: isChecking).shown(account))
                // Never the reference of one that was left out.
                if shown.count == limit { return AccountListBody(accounts: shown, next: account.reference.text) }
            }
            guard page.next != nil, let last = page.accounts.last else { return AccountListBody(accounts: shown, next: nil) }
            after = last.reference
        }
    }

    /// Devices by IMEI, without those of accounts that are being checked: whoever knows the whole IMEI asks for the one device.
    func devicePage(after: IMEI?, limit: Int, for call: Call) throws -> DeviceListBody {
        var (after, shown) = (after, [DeviceBody]())
        while true {
            let page = try devices.list(after: after, limit: limit)
            let checked = try discretion.checked(page.devices.compactMap(\.governing), for: call.caller)
            for device in page.devices where device.governing.map(checked.contains) != true {
                shown.append(device)
                if shown.count == limit { return DeviceListBody(devices: shown, next: device.imei.description) }
            }
            guard page.next != nil, let last = page.devices.last else { return DeviceListBody(devices: shown, next: nil) }
            after = last.imei
        }
    }
}

extension DeviceBody {
    /// The account that it is used on.
    fileprivate var governing: AccountReference? { account ?? claimed_account }
}

/// A search as `AccountStoreReader.accounts(matching:)` understands it.
private struct AccountSearch {
    private let text: String
    /// What could be part of an IMEI or of a number.
    private let digits: String?

    init(_ text: String) {
        self.text = text.lowercased()
        let digits = text.filter { !" -/.()+".contains($0) }
        self.digits = !digits.isEmpty && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? digits : nil
    }

    /// Whether it finds the account by its reference, its owner's name, its number or a whole IMEI.
    func finds(_ account: AccountBody) -> Bool {
        // Nothing but digits finds an account by an IMEI.
        guard let digits else { return true }
        if isWholeIMEI { return true }
        let fields = [account.reference.text, [account.owner.name, account.owner.surname].compactMap(\.self).joined(separator: " ")]
        let number = account.linked_number ?? ""
        return fields.contains { $0.lowercased().contains(text) }
            || [text, digits, String(digits.drop { $0 == "0" })].contains { contains(number, $0) }
    }

    /// A number in its own country begins with a 0 instead of the country's code; fewer digits than three are in almost every number.
    private func contains(_ number: String, _ part: String) -> Bool { part.count >= 3 && number.contains(part) }

    private var isWholeIMEI: Bool {
        // What is none is part of one, and why does not matter.
        do { _ = try IMEI(text) } catch { return false }
        return true
    }
}
