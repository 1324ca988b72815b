// Package baseline says which checks apply to which systems, with which parameters. It
// loads baselines in a native format, YAML or JSON.
//
// A baseline is one YAML document:
//
//	format: hardening/v1
//	id: clinic-server
//	title: Servers of the clinic
//	version: 1.0.0
//	platforms: [linux]
//	groups:
//	  - id: accounts
//	    title: Remove default and orphaned accounts
//	rules:
//	  - id: linux.account.one-superuser
//	    title: Only root has the user ID 0
//	    group: accounts
//	    severity: high
//	    family: uid-unique
//	    rationale: Actions of a second superuser cannot be told from those of root.
//	    remediation: Give the account a user ID of its own, or remove it.
//	    references:
//	      hipaa-security-rule: ["164.312(a)(2)(i)"]
//	      nist-800-53r5: [IA-2, IA-4]
//	    check:
//	      kind: account.superusers
//	      args: {allow: [root]}
//
// A check names a kind (package check/kind), a ready-made check with typed arguments, or composes
// others: {all: [...]}, {any: [...]}, {not: ...}, {when: ..., then: ...}, or {op: ..., parts: [...]}
// with a truth table that is handed in. Kinds are handed to
// [Load]; there is no registry of them. What a rule needs of a scan is what its kinds
// declare; "needs: walk privileges" beside the check, names separated by blanks, adds to it
// where that depends on the arguments.
//
// A document may also state its rules in other files, "include: [ssh.yaml, audit.yaml]", for
// [LoadFS]. Such a file has rules, and a group for those that state none:
//
//	group: accounts
//	rules: [...]
//
// A [Baseline] keeps the rules as data, and marshals to JSON in the form of a document with the
// effective values of all arguments. [Load] reads that in a fraction of the time.
//
// Ids of rules have the form platform.subject.statement in kebab case. The platform is a word
// for people, which may be a vendor's own; where a rule applies is in "platforms".
//
// Loading is strict: unknown fields, duplicate keys, wrong types, aliases, unknown kinds
// and citations that no catalog has are errors, each with file, line and column, all of
// them at once. A baseline may come from a stranger, so its size and depth are bounded,
// and what kinds may reveal is limited by the packages that make them.
package baseline
