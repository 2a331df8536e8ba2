//! Calls by number, with words that both sides of the kernel can use.

use std::ptr;

use nix::libc;

/// The size of the memory for words.
const SIZE: usize = 4096;

/// Memory below 4 GiB: pointers of the 32-bit side reach no further.
pub(super) struct Low {
    start: *mut u8,
    used: usize,
}

impl Low {
    pub(super) fn new() -> Self {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_32BIT;
        // SAFETY: the mapping is new, and stays until the process ends.
        #[allow(unsafe_code, reason = "the allocator does not choose addresses")]
        let start = unsafe { libc::mmap(ptr::null_mut(), SIZE, access, flags, -1, 0) };
        assert!(start != libc::MAP_FAILED, "no memory");
        Low { start: start.cast(), used: 0 }
    }

    /// Copies bytes, and returns their address.
    pub(super) fn put(&mut self, bytes: &[u8]) -> u64 {
        assert!(self.used + bytes.len() <= SIZE, "the words are too long");
        // SAFETY: the bytes fit into the rest of the mapping.
        #[allow(unsafe_code, reason = "the mapping is no slice")]
        let address = unsafe {
            let to = self.start.add(self.used);
            ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len());
            to
        };
        self.used += bytes.len().next_multiple_of(16);
        address as u64
    }
}

/// Makes a call of the 64-bit side.
pub(super) fn call_b64(number: i64, words: [u64; 6]) {
    let [first, second, third, fourth, fifth, sixth] = words;
    // SAFETY: the words are numbers, or addresses in memory that stays.
    #[allow(unsafe_code, reason = "the library has no names for all calls")]
    unsafe {
        libc::syscall(number, first, second, third, fourth, fifth, sixth);
    }
}

/// Makes a call of the 32-bit side.
pub(super) fn call_b32(number: i64, words: [u64; 4]) {
    let [first, second, third, fourth] = words;
    // SAFETY: the words are numbers, or addresses in memory that stays. The kernel keeps all registers but eax.
    #[allow(unsafe_code, reason = "only this instruction calls the 32-bit side")]
    unsafe {
        std::arch::asm!(
            "xchg rbx, {first:r}",
            "int 0x80",
            "xchg rbx, {first:r}",
            first = inout(reg) first => _,
            inout("rax") number => _,
            in("rcx") second,
            in("rdx") third,
            in("rsi") fourth,
            out("r8") _, out("r9") _, out("r10") _, out("r11") _,
        );
    }
}
