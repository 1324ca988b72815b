// Package rsyslog reads what rsyslogd does with messages, from etc/rsyslog.conf (rsyslog.conf(5))
// and the files it includes: to which files and hosts it writes them, and on which ports it
// receives those of others. It knows both forms of the configuration, the old one of lines and
// RainerScript.
//
// It follows $IncludeConfig and include(). It does not evaluate filters: an action under a
// condition, in a ruleset or behind a filter is marked as conditional. Templates, variables and
// lookups are ignored. A construct that is not known is an error, since it may hide an action.
package rsyslog
