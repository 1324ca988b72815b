package sys

// OldKernel makes the calls that newer kernels have unavailable, until back is called.
func OldKernel() (back func()) {
	noStatx.Store(true)
	noGetxattrat.Store(true)
	return func() {
		noStatx.Store(false)
		noGetxattrat.Store(false)
	}
}
