package auditrules

import (
	"fmt"
	"strings"
)

// since is in which release of Linux a system call appeared, where that is later than 4.4, with
// which the oldest supported distributions start (the manual pages of the calls, section HISTORY;
// for cachestat and the newer ones the tables of the kernel).
var since = map[string][2]int{
	"preadv2": {4, 6}, "pwritev2": {4, 6}, "pkey_mprotect": {4, 9}, "pkey_alloc": {4, 9}, "pkey_free": {4, 9},
	"statx": {4, 11}, "io_pgetevents": {4, 18}, "rseq": {4, 18},
	"pidfd_send_signal": {5, 1}, "io_uring_setup": {5, 1}, "io_uring_enter": {5, 1}, "io_uring_register": {5, 1},
	"clock_settime64": {5, 1}, "clock_adjtime64": {5, 1}, "utimensat_time64": {5, 1},
	"open_tree": {5, 2}, "move_mount": {5, 2}, "fsopen": {5, 2}, "fsconfig": {5, 2}, "fsmount": {5, 2}, "fspick": {5, 2},
	"pidfd_open": {5, 3}, "clone3": {5, 3}, "openat2": {5, 6}, "pidfd_getfd": {5, 6}, "faccessat2": {5, 8}, "close_range": {5, 9},
	"process_madvise": {5, 10}, "epoll_pwait2": {5, 11}, "mount_setattr": {5, 12}, "quotactl_fd": {5, 14},
	"landlock_create_ruleset": {5, 13}, "landlock_add_rule": {5, 13}, "landlock_restrict_self": {5, 13},
	"memfd_secret": {5, 14}, "process_mrelease": {5, 15}, "futex_waitv": {5, 16}, "set_mempolicy_home_node": {5, 17},
	"cachestat": {6, 5}, "fchmodat2": {6, 6}, "map_shadow_stack": {6, 6}, "futex_wake": {6, 7}, "futex_wait": {6, 7}, "futex_requeue": {6, 7},
	"statmount": {6, 8}, "listmount": {6, 8}, "lsm_get_self_attr": {6, 8}, "lsm_set_self_attr": {6, 8}, "lsm_list_modules": {6, 8}, "mseal": {6, 10},
}

// Since reports whether a kernel of a release, such as 6.1.0-18-amd64, has a system call, and whether
// that is known: of calls that every supported kernel has it is, whatever the release.
func Since(syscall, release string) (has, known bool) {
	first, later := since[syscall]
	if !later {
		return true, true
	}
	var major, minor int
	if n, err := fmt.Sscanf(strings.TrimPrefix(release, "v"), "%d.%d", &major, &minor); n != 2 || err != nil {
		return false, false
	}
	return major > first[0] || major == first[0] && minor >= first[1], true
}
