// Package baseline loads baselines from YAML or JSON. A baseline lists the checks to make, the
// systems to which they apply, and their arguments.
//
// A baseline is a single YAML document:
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
// A check names a kind, which is a ready-made check with typed arguments (see package check/kind),
// or combines other checks: {all: [...]}, {any: [...]}, {not: ...}, {when: ..., then: ...}, or
// {op: ..., parts: [...]} with a truth table from [LoadOptions]. The kinds are also given by
// LoadOptions; there is no global registry.
//
// A rule has the needs that its kinds declare. If further needs depend on the arguments, the rule
// lists them in "needs", separated by spaces, such as "needs: walk privileges".
//
// A document can include rules from other files, "include: [ssh.yaml, audit.yaml]", if it is loaded
// by [LoadFS]. An included file contains rules, and a default group for them:
//
//	group: accounts
//	rules: [...]
//
// A [Baseline] keeps the rules as data. It can be marshaled to a JSON document in the same format,
// which includes default arguments. [Load] reads such JSON much faster than YAML.
//
// The ID of a rule has the form platform.subject.statement in kebab case. Its first part is for
// people and may be any word. The key "platforms" says to which systems the rule applies.
//
// Loading is strict. Unknown fields, duplicate keys, wrong types, aliases, unknown kinds and
// unknown references are errors. All mistakes are reported at once, each with file, line and
// column. Baselines may come from untrusted sources, so their size and depth are limited. The
// packages of the kinds limit what a check can reveal.
package baseline
