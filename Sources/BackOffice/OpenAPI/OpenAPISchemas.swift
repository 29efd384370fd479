import Wire

/// The schemas of `/openapi.json` (JSON Schema 2020-12), one for each body; the names are those that the endpoints give.
enum OpenAPISchemas {
    static let text =
        [basics, accounts, devices, terminals, messages, numbers, OpenAPIRequests.text, staff, others, OpenAPILocations.text].joined(separator: ",")

    private static let operations = Operation.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
    private static let roles = Role.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ",")

    private static let basics = #"""
        "Problem":{"type":"object","description":"RFC 9457.","required":["type","title","status","code","detail"],"properties":{
          "type":{"type":"string","examples":["about:blank"]},"title":{"type":"string"},"status":{"type":"integer"},
          "code":{"type":"string","description":"Stable."},"detail":{"type":"string","description":"What happened and what to do."}}},
        "Time":{"type":"string","format":"date-time","examples":["2026-11-21T20:00:00.000Z"]},
        "IMEI":{"type":"string","description":"15 digits with check digit; 14 and 16 digits and separators are accepted.","examples":["352099001761481"]},
        "ShownIMEI":{"type":"string","description":"An IMEI; where the caller may not see it, '…' and its last four digits.","examples":["352099001761481","…1481"]},
        "Reference":{"type":"string","description":"Wallet reference, kept in upper case.","pattern":"^[A-Za-z0-9-]{4,20}$","examples":["12345678"]},
        "Channel":{"type":"string","description":"A code of the channel catalogue.","pattern":"^[A-Za-z0-9]{1,32}$","examples":["KazTimpaPro"]},
        "HoldKind":{"type":"string","enum":["vendor","staff","fraud"]},
        "Language":{"type":"string","description":"A BCP 47 tag of language, script and region.","pattern":"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$","examples":["en","zu"]},
        "Health":{"type":"object","required":["status"],"properties":{"status":{"const":"ok"}}},
        "OpenAPI":{"type":"object"}
        """#

    private static let accounts = #"""
        "Owner":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"surname":{"type":"string"},"address":{"type":"string"},
          "id_number":{"type":"string"},"email":{"type":"string"}}},
        "NewAccount":{"type":"object","required":["reference","owner"],"properties":{"reference":{"$ref":"#/components/schemas/Reference"},
          "owner":{"$ref":"#/components/schemas/Owner"},"linked_number":{"type":"string","description":"E.164.","examples":["+27711234567"]},
          "language":{"$ref":"#/components/schemas/Language","default":"en"},"locked_channels":{"type":"array","items":{"$ref":"#/components/schemas/Channel"}}}},
        "AccountPatch":{"type":"object","properties":{"owner":{"type":"object","properties":{"name":{"type":"string"},"surname":{"type":"string"},
          "address":{"type":"string"},"id_number":{"type":"string"},"email":{"type":"string"}}},
          "linked_number":{"type":"string","description":"E.164. Taken where none is linked, or the same again; a change is asked for with number-changes. Seniors and administrators only."},"language":{"$ref":"#/components/schemas/Language"}}},
        "Account":{"type":"object","required":["reference","owner","language","locked_channels","max_devices","locked","holds","devices","revision","created_at"],
          "properties":{"reference":{"$ref":"#/components/schemas/Reference"},"owner":{"$ref":"#/components/schemas/Owner"},
          "linked_number":{"type":"string"},
          "linked_number_suspended_at":{"allOf":[{"$ref":"#/components/schemas/Time"}],"description":"Since when the linked number may not lock, until staff confirm it; absent: it may."},
          "previous_number":{"type":"object","description":"A number linked before that may lock too, while the cooling-off runs.","required":["number","until"],
            "properties":{"number":{"type":"string"},"until":{"$ref":"#/components/schemas/Time"}}},
          "language":{"type":"string"},
          "locked_channels":{"type":"array","description":"The channels it is locked to: the only ones it may use.","items":{"$ref":"#/components/schemas/Channel"}},
          "max_devices":{"type":"integer"},
          "last_channel":{"type":"object","description":"Of the last accepted connection; absent before the first.","required":["channel","imei","at"],
            "properties":{"channel":{"$ref":"#/components/schemas/Channel"},"imei":{"$ref":"#/components/schemas/ShownIMEI"},"at":{"$ref":"#/components/schemas/Time"}}},
          "locked":{"type":"boolean"},"holds":{"type":"array","description":"Those that stand.","items":{"$ref":"#/components/schemas/Hold"}},
          "devices":{"type":"array","items":{"type":"object","required":["imei","registered"],"properties":{"imei":{"$ref":"#/components/schemas/ShownIMEI"},
            "registered":{"type":"boolean"},"model":{"type":"string"},"last_seen":{"$ref":"#/components/schemas/Time"}}}},
          "revision":{"type":"integer"},"created_at":{"$ref":"#/components/schemas/Time"},
          "closed_at":{"allOf":[{"$ref":"#/components/schemas/Time"}],"description":"Since when it is closed; absent while it is open."},
          "hidden":{"type":"array","description":"What is left out or masked for this caller, who has to ask the owner for it; absent when nothing is.","items":{"type":"string","enum":["owner.name","owner.surname","owner.address","owner.id_number","owner.email","last_channel.imei","devices.imei"]}}}},
        "RowError":{"type":"object","required":["line","code","detail"],"properties":{"line":{"type":"integer","description":"Of the file, from 1."},
          "column":{"type":"string","description":"Absent where the whole row is meant."},"code":{"type":"string","examples":["invalid_reference","duplicate_imei","rounded_number"]},
          "detail":{"type":"string"}}},
        "ImportAnswer":{"type":"object","required":["created","skipped","dry_run","error_count","errors"],"properties":{"created":{"type":"integer"},
          "skipped":{"type":"integer","description":"Rows left out."},"dry_run":{"type":"boolean"},"error_count":{"type":"integer"},
          "errors":{"type":"array","maxItems":1000,"items":{"$ref":"#/components/schemas/RowError"}}}},
        "ImportProgress":{"type":"object","required":["phase","done","total"],"properties":{"phase":{"type":"string","enum":["idle","reading","checking","staging","storing"]},
          "done":{"type":"integer"},"total":{"type":"integer"}}},
        "AccountList":{"type":"object","required":["accounts"],"properties":{"accounts":{"type":"array","items":{"$ref":"#/components/schemas/Account"}},"next":{"type":"string"}}},
        "LockedChannels":{"type":"object","required":["channels","ticket"],"properties":{"channels":{"type":"array","minItems":1,"items":{"$ref":"#/components/schemas/Channel"}},
          "ticket":{"type":"string"},"force_reason":{"type":"string","description":"Needed when the last channel connected is left out."}}},
        "NewHold":{"type":"object","required":["kind","reason"],"properties":{"kind":{"$ref":"#/components/schemas/HoldKind"},"reason":{"type":"string","minLength":1,"maxLength":500}}},
        "Release":{"type":"object","required":["note"],"properties":{"note":{"type":"string","minLength":1,"maxLength":500}}},
        "Hold":{"type":"object","required":["id","kind","reason","placed_by","source","requested_at","revision"],"properties":{"id":{"type":"string"},
          "kind":{"$ref":"#/components/schemas/HoldKind"},"reason":{"type":"string"},"placed_by":{"type":"string"},"source":{"type":"string"},
          "requested_at":{"$ref":"#/components/schemas/Time"},"committed_at":{"$ref":"#/components/schemas/Time"},
          "released_at":{"$ref":"#/components/schemas/Time"},"released_by":{"type":"string"},"revision":{"type":"integer"}}},
        "LockList":{"type":"object","required":["locks"],"properties":{"locks":{"type":"array","items":{"$ref":"#/components/schemas/Lock"}},"next":{"type":"string"}}},
        "Lock":{"type":"object","required":["id","kind","reason","placed_by","source","revision","requested_at","terminals"],"properties":{"id":{"type":"string"},
          "kind":{"$ref":"#/components/schemas/HoldKind"},"reason":{"type":"string"},"placed_by":{"type":"string"},"source":{"type":"string"},
          "revision":{"type":"integer"},"requested_at":{"$ref":"#/components/schemas/Time"},"committed_at":{"$ref":"#/components/schemas/Time"},
          "released_at":{"$ref":"#/components/schemas/Time"},
          "terminals":{"type":"array","items":{"type":"object","required":["imei"],"properties":{"imei":{"$ref":"#/components/schemas/ShownIMEI"},
            "delivered_at":{"$ref":"#/components/schemas/Time"},"enforced_at":{"$ref":"#/components/schemas/Time"},
            "time_to_lock_ms":{"type":"integer","description":"From committed to enforced."},"last_seen":{"$ref":"#/components/schemas/Time"},
            "spends_until":{"$ref":"#/components/schemas/Time","description":"Until when it may sell by its lease or an offline code, should it hear nothing more; absent once it enforces the lock. A code that was given and not used counts as if it were typed now."},
            "unused_code_hours":{"type":"integer","description":"Hours that an offline code would give which was given for it and not used."}}}}}},
        "NewNote":{"type":"object","required":["text"],"properties":{"text":{"type":"string","minLength":1,"maxLength":4000},"ticket":{"type":"string"}}},
        "Note":{"type":"object","required":["id","at","actor","via","kind","text","hash"],"properties":{"id":{"type":"integer"},"at":{"$ref":"#/components/schemas/Time"},
          "actor":{"type":"string"},"role":{"type":"string","enum":[ROLES]},"via":{"type":"string"},"source_address":{"type":"string"},"kind":{"type":"string"},
          "text":{"type":"string"},"ticket":{"type":"string"},"hash":{"type":"string","description":"SHA-256 over the note before and this one, hex."},
          "count":{"type":"integer","minimum":2,"description":"How often it happened; absent for once. Not part of the hash."}}},
        "Audit":{"type":"object","required":["ok","verified_at","notes","subjects","findings"],"properties":{"ok":{"type":"boolean"},
          "verified_at":{"$ref":"#/components/schemas/Time"},"notes":{"type":"integer"},"subjects":{"type":"integer"},
          "further_subjects":{"type":"integer","description":"With faults that are not listed."},
          "findings":{"type":"array","items":{"type":"object","required":["subject","what","detail"],"properties":{
            "subject":{"type":"string","examples":["account:12345678","device:352099001761481","office"]},
            "what":{"type":"string","enum":["altered","removed","reordered","added","head_altered"]},
            "note":{"type":"integer","description":"Its identifier; of a removed note where a gap tells it."},
            "at":{"$ref":"#/components/schemas/Time"},"kind":{"type":"string"},"detail":{"type":"string"}}}}}},
        "NoteList":{"type":"object","required":["notes"],"properties":{"notes":{"type":"array","items":{"$ref":"#/components/schemas/Note"}},"next":{"type":"string"}}}
        """#.replacing("ROLES", with: roles)

    private static let devices = #"""
        "NewDevice":{"type":"object","required":["imei"],"properties":{"imei":{"$ref":"#/components/schemas/IMEI"},
          "account":{"$ref":"#/components/schemas/Reference"},"model":{"type":"string"}}},
        "DeviceMove":{"type":"object","required":["account","note"],"properties":{"account":{"$ref":"#/components/schemas/Reference"},
          "note":{"type":"string","minLength":1,"maxLength":500},"ticket":{"type":"string"}}},
        "Device":{"type":"object","required":["imei","enrolled","decommissioned","holds","overdue","revision","created_at"],"properties":{
          "imei":{"$ref":"#/components/schemas/IMEI"},"account":{"$ref":"#/components/schemas/Reference"},"claimed_account":{"$ref":"#/components/schemas/Reference"},
          "model":{"type":"string"},"enrolled":{"type":"boolean"},"decommissioned":{"type":"boolean"},"agent_version":{"type":"string"},
          "holds":{"type":"array","items":{"$ref":"#/components/schemas/Hold"}},"last_seen":{"$ref":"#/components/schemas/Time"},
          "overdue":{"type":"boolean","description":"Enrolled, and silent for longer than a lease runs."},
          "last_location":{"type":"object","required":["lat","lon"],"properties":{"lat":{"type":"number"},"lon":{"type":"number"},"accuracy_m":{"type":"number"},
            "source":{"type":"string"},"fixed_at":{"$ref":"#/components/schemas/Time"}}},
          "last_cell":{"description":"The mobile cell that its modem last named, where it had no position.","allOf":[{"$ref":"#/components/schemas/Cell"},
            {"required":["received_at"],"properties":{"received_at":{"$ref":"#/components/schemas/Time"}}}]},
          "revision":{"type":"integer"},"created_at":{"$ref":"#/components/schemas/Time"}}},
        "DeviceList":{"type":"object","required":["devices"],"properties":{"devices":{"type":"array","items":{"$ref":"#/components/schemas/Device"}},"next":{"type":"string"}}},
        "EventList":{"type":"object","required":["events"],"properties":{"events":{"type":"array","items":{"allOf":[{"$ref":"#/components/schemas/Event"},
          {"required":["received_at"],"properties":{"received_at":{"$ref":"#/components/schemas/Time"}}}]}},"next":{"type":"string"}}},
        "EnrolmentCode":{"type":"object","required":["code","expires_at"],"properties":{"code":{"type":"string","examples":["7K2M-9XQP-4TVA"]},"expires_at":{"$ref":"#/components/schemas/Time"}}},
        "NewOfflineCode":{"type":"object","required":["action","note","verified"],"properties":{"action":{"enum":["extend","unlock","lock"]},
          "hours":{"type":"integer","minimum":0,"maximum":72,"description":"1 to 72 of extend, 0 to 72 of unlock, none of lock."},"note":{"type":"string","minLength":1,"maxLength":500},
          "verified":{"type":"boolean","description":"The vendor was verified; true, or no code is given."}}},
        "OfflineCode":{"type":"object","required":["code","counter","action","hours","ends_with_counter"],"properties":{"code":{"type":"string","pattern":"^[0-9]{11}$"},
          "counter":{"type":"integer"},"action":{"enum":["extend","unlock","lock"]},"hours":{"type":"integer"},
          "ends_with_counter":{"type":"integer","description":"Codes up to this counter are accepted now; one that is used ends those up to its own."}}}
        """#

    private static let terminals = #"""
        "JWK":{"type":"object","description":"RFC 8037.","required":["kty","crv","x"],"properties":{"kty":{"const":"OKP"},"crv":{"const":"Ed25519"},"x":{"type":"string"},
          "kid":{"type":"string"},"use":{"type":"string"},"alg":{"type":"string"}}},
        "Enrolment":{"type":"object","required":["code","imei","channel","public_key"],"properties":{"code":{"type":"string"},"imei":{"$ref":"#/components/schemas/IMEI"},
          "channel":{"$ref":"#/components/schemas/Channel"},"public_key":{"$ref":"#/components/schemas/JWK"},"model":{"type":"string"}}},
        "Enrolled":{"type":"object","required":["imei","keys"],"properties":{"imei":{"$ref":"#/components/schemas/IMEI"},"account":{"$ref":"#/components/schemas/Reference"},
          "keys":{"type":"object","required":["keys"],"properties":{"keys":{"type":"array","items":{"$ref":"#/components/schemas/JWK"}}}},
          "pins":{"type":"array","maxItems":8,"description":"The keys that the server's certificate may have; absent: any.",
            "items":{"type":"string","pattern":"^sha256//[A-Za-z0-9+/]{43}=$"}}}},
        "Connection":{"type":"object","required":["nonce","boot_id","agent_version"],"properties":{"nonce":{"type":"string","pattern":"^[A-Za-z0-9_-]{1,64}$"},
          "account":{"$ref":"#/components/schemas/Reference"},"boot_id":{"type":"string"},"agent_version":{"type":"string"},"model":{"type":"string"},
          "next_code":{"type":"integer","minimum":0,"description":"The first counter of an offline code that would be accepted; absent asks for a key."}}},
        "Connected":{"type":"object","required":["session","expires_in_s","lease"],"properties":{"session":{"type":"string"},"expires_in_s":{"type":"integer"},
          "lease":{"type":"string","description":"Compact JWS, Ed25519."},
          "codes":{"type":"string","description":"The key for offline codes, compact JWS; only for a terminal that asks for one."},
          "pins":{"type":"string","description":"The keys that the server's certificate may have from now on, compact JWS (typ pins+jwt: sub, nonce, pins); absent: as before."},
          "longest_wait_s":{"type":"integer","description":"A poll may ask for so many seconds; from lease.wait_s on its lease runs longer by what it was parked for."}}},
        "EventBatch":{"type":"object","required":["events"],"properties":{"events":{"type":"array","minItems":1,"maxItems":256,"items":{"$ref":"#/components/schemas/Event"}}}},
        "Event":{"type":"object","required":["seq","kind","at","uptime_ms"],"properties":{"seq":{"type":"integer","minimum":1},
          "kind":{"type":"string","examples":["started","gate_refused","enforced","lease_rejected","offline","location","tamper","code_used"]},
          "at":{"$ref":"#/components/schemas/Time"},"uptime_ms":{"type":"integer"},"boot_id":{"type":"string"},"operation":{"type":"string"},
          "amount_cents":{"type":"integer"},"reason":{"type":"string"},"count":{"type":"integer"},"revision":{"type":"integer"},"latency_ms":{"type":"integer"},
          "why":{"type":"string"},"from":{"$ref":"#/components/schemas/Time"},"until":{"$ref":"#/components/schemas/Time"},"lat":{"type":"number"},"lon":{"type":"number"},
          "accuracy_m":{"type":"number"},"source":{"type":"string"},"fixed_at":{"$ref":"#/components/schemas/Time"},"command":{"type":"string"},"what":{"type":"string"},
          "cell":{"$ref":"#/components/schemas/Cell"},"counter":{"type":"integer"},"action":{"type":"string"},"hours":{"type":"integer"}}},
        "Acknowledged":{"type":"object","required":["acknowledged"],"properties":{"acknowledged":{"type":"integer"}}}
        """#

    private static let messages = #"""
        "Drill":{"type":"object","required":["id","account","requested_by","source","requested_at","terminals"],"properties":{"id":{"type":"string"},
          "account":{"$ref":"#/components/schemas/Reference"},"requested_by":{"type":"string"},"source":{"type":"string"},
          "requested_at":{"$ref":"#/components/schemas/Time"},"finished_at":{"$ref":"#/components/schemas/Time"},
          "terminals":{"type":"array","items":{"type":"object","required":["imei"],"properties":{"imei":{"$ref":"#/components/schemas/ShownIMEI"},
            "confirmed_at":{"$ref":"#/components/schemas/Time"},"round_trip_ms":{"type":"integer","description":"From the request to the confirmation."}}}}}},
        "DrillList":{"type":"object","required":["drills"],"properties":{"drills":{"type":"array","items":{"$ref":"#/components/schemas/Drill"}}}},
        "Received":{"type":"object","required":["provider","id","sender","received_at","outcome"],"properties":{"provider":{"type":"string"},"id":{"type":"string"},
          "sender":{"type":"string"},"received_at":{"$ref":"#/components/schemas/Time"},"sent_at":{"$ref":"#/components/schemas/Time"},
          "outcome":{"type":"string","examples":["locked","repeated","refused","drill","hint","ignored","opt_out","identity_changed"]}}},
        "Outgoing":{"type":"object","required":["number","provider","what","state","created_at","changed_at","attempts"],"properties":{"number":{"type":"integer"},
          "provider":{"type":"string"},"what":{"type":"string"},"account":{"$ref":"#/components/schemas/Reference"},
          "state":{"enum":["waiting","sending","sent","delivered","read","failed"]},"created_at":{"$ref":"#/components/schemas/Time"},
          "changed_at":{"$ref":"#/components/schemas/Time"},"next_try_at":{"$ref":"#/components/schemas/Time"},"attempts":{"type":"integer"},
          "provider_id":{"type":"string"},"failure":{"type":"string"}}},
        "OutboxList":{"type":"object","required":["messages"],"properties":{"messages":{"type":"array","items":{"$ref":"#/components/schemas/Outgoing"}},
          "next":{"type":"string"}}},
        "AccountMessages":{"type":"object","required":["received","sent"],"properties":{"received":{"type":"array","items":{"$ref":"#/components/schemas/Received"}},
          "sent":{"type":"array","items":{"$ref":"#/components/schemas/Outgoing"}}}}
        """#

    private static let numbers = #"""
        "NewNumberChange":{"type":"object","required":["new_number","reason","evidence"],"properties":{
          "new_number":{"type":"string","examples":["+27711234567"]},"reason":{"type":"string","minLength":1,"maxLength":500},
          "evidence":{"type":"array","description":"Each kind once.","minItems":KINDS,"maxItems":KINDS,"items":{"type":"object","required":["kind"],"properties":{
            "kind":{"$ref":"#/components/schemas/EvidenceKind"},
            "text":{"type":"string","maxLength":4000,"description":"A few words at least, but for change_notice, which needs a picture."},
            "content_type":{"type":"string","enum":[PICTURES]},
            "content":{"type":"string","contentEncoding":"base64","description":"A file of at most LIMIT bytes."}}}}}},
        "EvidenceKind":{"type":"string","enum":["change_notice","last_conversation","past_transaction"]},
        "NumberChange":{"type":"object","required":["id","account","new_number","reason","state","requested_by","requested_at"],"properties":{
          "id":{"type":"string"},"ticket":{"type":"string","examples":["VL-1042"]},"account":{"$ref":"#/components/schemas/Reference"},
          "old_number":{"type":"string","description":"Absent where none was linked."},"new_number":{"type":"string"},"reason":{"type":"string"},
          "state":{"type":"string","enum":["requested","approved","declined","cancelled"]},"requested_by":{"type":"string"},
          "requested_at":{"$ref":"#/components/schemas/Time"},"decided_by":{"type":"string","description":"Who did the last step."},
          "decided_at":{"$ref":"#/components/schemas/Time"},
          "cooling_until":{"allOf":[{"$ref":"#/components/schemas/Time"}],"description":"Until when it can be cancelled, and the old number locks too unless it was suspended."},
          "evidence":{"type":"array","description":"Absent in lists.","items":{"type":"object","required":["kind","text"],"properties":{
            "kind":{"$ref":"#/components/schemas/EvidenceKind"},"text":{"type":"string"},
            "content_type":{"type":"string","description":"Of the picture; absent where there is none."},"content_bytes":{"type":"integer"}}}}}},
        "NumberChangeList":{"type":"object","required":["number_changes"],"properties":{"number_changes":{"type":"array","items":{"$ref":"#/components/schemas/NumberChange"}}}}
        """#.replacing("KINDS", with: String(EvidenceKind.allCases.count))
        .replacing("PICTURES", with: EvidencePicture.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ","))
        .replacing("LIMIT", with: String(EvidencePicture.limit))

    private static let staff = #"""
        "NewUser":{"type":"object","required":["name","role"],"properties":{"name":{"type":"string","pattern":"^[A-Za-z][A-Za-z0-9._-]{1,31}$"},
          "role":{"type":"string","enum":[ROLES]},"password":{"type":"string","minLength":12,"maxLength":256,"description":"Absent: the server makes a setup password."}}},
        "UserPatch":{"type":"object","properties":{"role":{"type":"string","enum":[ROLES]},"disabled":{"type":"boolean"}}},
        "PasswordReset":{"type":"object","properties":{"totp":{"type":"boolean","default":false,"description":"Whether the one-time codes are set up anew too."}}},
        "User":{"type":"object","required":["name","role","created_at","password_change_required"],"properties":{"name":{"type":"string"},
          "role":{"type":"string","enum":[ROLES]},"created_at":{"$ref":"#/components/schemas/Time"},"disabled_at":{"$ref":"#/components/schemas/Time"},
          "totp_since":{"allOf":[{"$ref":"#/components/schemas/Time"}],"description":"Since when sign-ins need a one-time code; absent: none is set up."},
          "password_change_required":{"type":"boolean"},
          "setup_password":{"type":"string","description":"Shown once. It works for one sign-in, and its owner then chooses another."}}},
        "UserList":{"type":"object","required":["users"],"properties":{"users":{"type":"array","items":{"$ref":"#/components/schemas/User"}}}},
        "NewSession":{"type":"object","required":["name","password"],"properties":{"name":{"type":"string"},"password":{"type":"string"},
          "code":{"type":"string","description":"A one-time code (RFC 6238), where they are set up. Each works once."}}},
        "StaffSession":{"type":"object","required":["name","role","expires_at","password_change_required","totp_required"],"properties":{"name":{"type":"string"},
          "role":{"type":"string","enum":[ROLES]},"expires_at":{"allOf":[{"$ref":"#/components/schemas/Time"}],"description":"At the latest; an hour without use ends it too."},
          "password_change_required":{"type":"boolean"},"totp_required":{"type":"boolean"}}},
        "PasswordChange":{"type":"object","required":["old","new"],"properties":{"old":{"type":"string"},"new":{"type":"string","minLength":12,"maxLength":256}}},
        "CodeSetup":{"type":"object","properties":{"code":{"type":"string","description":"Absent: make a secret. Present: the first code made with it."}}},
        "CodeSetupState":{"type":"object","required":["confirmed"],"properties":{"confirmed":{"type":"boolean"},
          "otpauth_uri":{"type":"string","description":"Shown once, when the secret is made."},"secret":{"type":"string","description":"The same in Base32, to be typed."}}}
        """#.replacing("ROLES", with: roles)

    private static let others = #"""
        "Authorization":{"type":"object","required":["account","imei","channel","operation"],"properties":{"account":{"$ref":"#/components/schemas/Reference"},
          "imei":{"$ref":"#/components/schemas/IMEI"},"channel":{"$ref":"#/components/schemas/Channel"},"operation":{"type":"string","enum":[OPERATIONS]},
          "amount_cents":{"type":"integer","minimum":0}}},
        "AuthorizationAnswer":{"type":"object","required":["permitted","revision"],"properties":{"permitted":{"type":"boolean"},
          "reason":{"type":"string","description":"Absent when permitted."},"revision":{"type":"integer"}}},
        "NewChannel":{"type":"object","required":["code"],"properties":{"code":{"$ref":"#/components/schemas/Channel"}}},
        "ChannelList":{"type":"object","required":["channels"],"properties":{"channels":{"type":"array","items":{"$ref":"#/components/schemas/Channel"}}}},
        "NewToken":{"type":"object","required":["role","name"],"properties":{"role":{"type":"string","enum":[ROLES]},"name":{"type":"string","minLength":1,"maxLength":64}}},
        "IssuedToken":{"type":"object","required":["token","role","name"],"properties":{"token":{"type":"string"},"role":{"type":"string"},"name":{"type":"string"}}},
        "TokenList":{"type":"object","required":["tokens"],"properties":{"tokens":{"type":"array","items":{"type":"object","required":["name","role","created_at"],
          "properties":{"name":{"type":"string"},"role":{"type":"string"},"created_at":{"$ref":"#/components/schemas/Time"},"revoked_at":{"$ref":"#/components/schemas/Time"}}}}}}
        """#.replacing("ROLES", with: roles).replacing("OPERATIONS", with: operations)
}
