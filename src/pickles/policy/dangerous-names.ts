/** Modules of Python whose contents run programs, reach the network or files, or make code. */
const DANGEROUS_MODULES = `
_aix_support _bootsubprocess _ctypes _frozen_importlib _frozen_importlib_external _imp _io _osx_support _pickle _posixshmem
_posixsubprocess _pyio _socket _thread _winapi aifc antigravity asyncio atexit bdb bz2 cProfile cPickle cgi cloudpickle code codeop
commands compileall concurrent ctypes dbm dill distutils doctest ensurepip faulthandler fcntl fileinput ftplib gc glob gzip
http httplib idlelib imaplib imp importlib inspect io jsonpickle lib2to3 linecache logging lzma mailcap marshal mmap modulefinder
multiprocessing netrc nntplib nt os pathos pdb pexpect pickle pickletools pip pkg_resources pkgutil platform popen2 poplib posix
profile pstats pty pydoc py_compile pyclbr requests resource rlcompleter runpy sched setuptools shelve shutil signal site smtplib
socket socketserver sqlite3 ssl subprocess sys sysconfig syslog tarfile telnetlib tempfile test thread threading timeit
trace traceback tracemalloc turtle turtledemo types unittest urllib urllib2 urllib3 venv webbrowser weakref winreg xmlrpc zipapp
zipfile zipimport`;

/** Builtins that run or make code, open files, or reach from one object to others. */
const DANGEROUS_BUILTINS =
  "__build_class__ __import__ apply breakpoint compile copyright credits delattr dir eval exec execfile exit file getattr globals help input license locals map filter memoryview open quit raw_input reduce reload setattr super type vars";

/** Parts of otherwise harmless packages that load, write, download or run. */
const DANGEROUS_PARTS = `
codecs.open functools.reduce operator.attrgetter operator.methodcaller operator.itemgetter operator.call
joblib.load joblib.dump joblib.memory.* joblib.parallel.* joblib.Parallel joblib.delayed joblib.externals.* joblib.pool.*
joblib.numpy_pickle.load joblib.numpy_pickle.dump joblib.numpy_pickle.load_temporary_memmap joblib.numpy_pickle_compat.*
numpy.load numpy.save numpy.savez numpy.savez_compressed numpy.savetxt numpy.loadtxt numpy.genfromtxt numpy.fromfile
numpy.fromregex numpy.memmap numpy.DataSource numpy.f2py.* numpy.distutils.* numpy.testing.* numpy.ctypeslib.* numpy.compat.*
numpy.core.memmap numpy.core.memmap.* numpy._core.memmap numpy._core.memmap.* numpy.lib.npyio.* numpy.lib._npyio_impl.*
numpy.core._methods.* numpy._core._methods.* numpy.lib.format.* numpy.lib._format_impl.* numpy.lib._datasource.* numpy.lib.utils.* numpy.lib._utils_impl.* numpy.vectorize
numpy.frompyfunc numpy.apply_along_axis numpy.apply_over_axes numpy.fromfunction numpy.piecewise
pandas.read_* pandas.eval pandas.HDFStore pandas.ExcelWriter pandas.ExcelFile pandas.io.* pandas.core.computation.* pandas.util.testing.* pandas._testing.* pandas.compat.*
scipy.sparse._matrix_io.* scipy.io.* scipy.misc.* scipy.datasets.* scipy.weave.* scipy.LowLevelCallable scipy._lib._ccallback.*
sklearn.datasets.* sklearn.utils._testing.* sklearn.utils.parallel.* sklearn.externals.* sklearn.utils._joblib.*
torch.load torch.save torch.compile torch.hub.* torch.jit.* torch.serialization.* torch.storage._load_from_bytes torch.package.*
torch.ops.* torch.classes.* torch.distributed.* torch.multiprocessing.* torch.fx.* torch._inductor.* torch._dynamo.*
torch.utils.cpp_extension.* torch.utils.collect_env.* torch.utils.benchmark.* torch.utils.bottleneck.* torch.utils.show_pickle.* torch.utils.model_zoo.* torch.utils.file_baton.* torch.testing.* torch.library.* torch.from_file
torch.UntypedStorage.from_file torch._C.*
statsmodels.formula.* statsmodels.iolib.* statsmodels.datasets.* statsmodels.tools.web.*`;

/** Functions that are dangerous wherever a package has them, also by importing them for its own use. */
const DANGEROUS_FUNCTIONS =
  "system popen Popen spawn run_command check_call check_output exec execfile eval compile getattr setattr delattr import_module __import__ loads load_module runstring safe_eval exec_command urlopen urlretrieve get_handle query from_formula fromfile tofile memmap to_pickle read_pickle load_pickle save_npz load_npz save savez savetxt dump open rmtree remove unlink startfile attrgetter methodcaller load load_compatibility loadtxt genfromtxt fromregex openfile unlink_file delete_folder import_optional_dependency unpickle_function _ufunc_reconstruct _sub_module_deprecation _wrapfunc _wrapit apply_if_callable check_library_installed builtins functools Pool ThreadPool MemmappingPool Thread Parallel LowLevelCallable Unpickler JsonReader StataReader BinaryZlibFile BinaryGzipFile PrintTime NumpyArrayWrapper NDArrayWrapper ZNDArrayWrapper";

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== "");

export const dangerousModules: ReadonlySet<string> = new Set(words(DANGEROUS_MODULES));
export const dangerousBuiltins: ReadonlySet<string> = new Set(words(DANGEROUS_BUILTINS));
export const dangerousParts: readonly string[] = words(DANGEROUS_PARTS);
export const dangerousFunctions: ReadonlySet<string> = new Set(words(DANGEROUS_FUNCTIONS));
