const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== "");

/** Plain values of Python's own; always allowed. */
export const PLAIN_TYPES: ReadonlySet<string> = new Set(
  words(`
builtins.object builtins.set builtins.frozenset builtins.slice builtins.list builtins.dict builtins.tuple builtins.int builtins.float
builtins.complex builtins.bool builtins.str builtins.bytes builtins.bytearray builtins.range builtins.NoneType builtins.Ellipsis
builtins.NotImplemented builtins.long builtins.unicode builtins.xrange
copyreg._reconstructor copyreg.__newobj__ _codecs.encode array.array array._array_reconstructor
collections.OrderedDict collections.defaultdict collections.deque collections.Counter
datetime.datetime datetime.date datetime.time datetime.timedelta datetime.timezone decimal.Decimal fractions.Fraction uuid.UUID
types.SimpleNamespace joblib.numpy_pickle.NumpyArrayWrapper`),
);

/** Well-known packages of models (`_loss` is how compiled parts of scikit-learn name themselves): what an import is held against where a project says nothing. */
export const KNOWN_FRAMEWORKS: readonly string[] = words(
  "numpy.* scipy.* sklearn.* _loss.Cy* _loss.__pyx_unpickle_Cy* pandas.* xgboost.* lightgbm.* catboost.* statsmodels.* imblearn.* category_encoders.* torch.*",
);

/**
 * Functions that pickles of these packages call to make their objects, and classes without a capital that they hand to them. None
 * of them calls, opens or looks up what it is given, but for NumPy's constructors of random generators, which call no more than the
 * one that stands here.
 */
export const REBUILDERS: readonly string[] = words(`
*.__pyx_unpickle_*
numpy.dtype numpy.*multiarray.dtype numpy.*multiarray._reconstruct numpy.*multiarray.scalar numpy.*numeric._frombuffer
numpy.*core._DType_reconstruct numpy.*core._internal._convert_to_stringdtype_kwargs
numpy.random._pickle.__*_ctor numpy.random.__RandomState_ctor numpy.ma.core._mareconstruct numpy.ma.mrecords._mrreconstruct
numpy.ndarray numpy.matrix numpy.recarray numpy.record numpy.chararray numpy.*core.records.recarray numpy.*core.records.record
numpy.rec.recarray numpy.rec.record numpy.char.chararray numpy.*matrixlib.defmatrix.matrix numpy.*core.defchararray.chararray
pandas._libs.internals._unpickle_block pandas._libs.tslibs.*unpickle
pandas._libs.tslibs.timestamps._unpickle_timestamp pandas.core.indexes.*._new_*Index
sklearn.*.newObj
torch._utils._rebuild_* torch.device torch.Size torch.bool torch.float16 torch.float32 torch.float64 torch.bfloat16 torch.float8_*
torch.complex32 torch.complex64 torch.complex128 torch.uint8 torch.uint16 torch.uint32 torch.uint64 torch.int8 torch.int16 torch.int32
torch.int64 torch.qint8 torch.quint8 torch.qint32`);

/**
 * Rebuilders among functions that are dangerous: those of TorchScript give back what they are given (torch/jit/_pickle.py), and the
 * layout of a sparse tensor is looked up in a list of layouts.
 */
export const REBUILDERS_AMONG_DANGERS: ReadonlySet<string> = new Set(
  words(`
torch.jit._pickle.build_intlist torch.jit._pickle.build_tensorlist torch.jit._pickle.build_doublelist torch.jit._pickle.build_boollist
torch.jit._pickle.build_tensor_from_id torch.jit._pickle.restore_type_tag torch.serialization._get_layout`),
);
