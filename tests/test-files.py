# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files of tensors: NumPy reads what libtg writes, and libtg what NumPy writes."""

import os
import subprocess
import zipfile

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import Gio, GLib, Tg
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.lib import format as npy
from sizes import examples

DTYPES = [np.dtype(dtype.value_nick) for dtype in Tg.DType.__enum_values__.values()
          if dtype.value_nick != 'bfloat16']
ARRAYS = st.sampled_from(DTYPES).flatmap(lambda dtype: npst.arrays(
    st.sampled_from([dtype, dtype.newbyteorder()]), npst.array_shapes(min_dims=0, min_side=0)))
LAYOUTS = st.sampled_from([
    lambda array: array, np.asfortranarray, np.transpose,
    lambda array: array[::-1] if array.ndim else array,
    lambda array: array[..., :1] if array.ndim else array,
])
ON_FILES = examples(100, derandomize=False,
                    suppress_health_check=[HealthCheck.function_scoped_fixture])


def assert_same(tensor, array):
    result = np.asarray(tensor)
    assert result.dtype == array.dtype.newbyteorder('=') and result.shape == array.shape
    assert result.tobytes() == array.astype(result.dtype).tobytes()


@ON_FILES
@given(ARRAYS, LAYOUTS)
def test_what_numpy_writes_is_read(tmp_path, array, change):
    array = change(array)
    np.save(tmp_path / 'x.npy', array)

    assert_same(Tg.load(tmp_path / 'x.npy'), array)
    assert_same(Tg.load(tmp_path / 'x.npy', mmap_mode='r'), array)


@ON_FILES
@given(ARRAYS, LAYOUTS)
def test_what_is_written_is_read_by_numpy(tmp_path, array, change):
    array = change(array)
    Tg.save(tmp_path / 'x', array)
    loaded = np.load(tmp_path / 'x.npy')

    assert_same(loaded, array)
    with open(tmp_path / 'x.npy', 'rb') as stream:
        assert npy.read_magic(stream) == (1, 0)
        assert npy.read_array_header_1_0(stream)[2] == loaded.dtype
        assert stream.tell() % 64 == 0


@ON_FILES
@given(st.dictionaries(st.text(st.characters(blacklist_categories=['Cs', 'Cc']), max_size=5),
                       ARRAYS, max_size=3), st.booleans())
def test_archives_go_both_ways(tmp_path, arrays, compress):
    arrays = {name.replace('file', '').replace('/', ''): value for name, value in arrays.items()}
    (np.savez_compressed if compress else np.savez)(tmp_path / 'n.npz', **arrays)
    (Tg.savez_compressed if compress else Tg.savez)(tmp_path / 't', **arrays)
    loaded = Tg.load(tmp_path / 'n.npz')

    assert list(loaded) == list(arrays)
    with np.load(tmp_path / 't.npz') as archive:
        assert archive.files == list(arrays)
        for name, array in arrays.items():
            assert_same(loaded[name], array)
            assert_same(archive[name], array)
    assert zipfile.ZipFile(tmp_path / 't.npz').testzip() is None


def test_the_names_of_positions_are_numpys(tmp_path):
    Tg.savez(tmp_path / 'x.npz', [1, 2], 3.5, y=True)

    assert {name: array.tolist() for name, array in np.load(tmp_path / 'x.npz').items()} == {
        'arr_0': [1, 2], 'arr_1': 3.5, 'y': True}
    with pytest.raises(ValueError, match="'arr_0' is there twice"):
        Tg.savez(tmp_path / 'x.npz', 1, arr_0=2)


@pytest.mark.parametrize('version', [(1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize('order', 'CF')
def test_versions(tmp_path, version, order):
    array = np.arange(24, dtype='>i4').reshape(2, 3, 4).copy(order)
    with open(tmp_path / 'x.npy', 'wb') as stream:
        npy.write_array(stream, array, version)

    assert_same(Tg.load(tmp_path / 'x.npy'), array)


def test_a_header_of_more_than_64_kib(tmp_path):
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }".ljust(70_000) + '\n'
    (tmp_path / 'x.npy').write_bytes(b'\x93NUMPY\x02\x00' + len(header).to_bytes(4, 'little')
                                     + header.encode() + np.array([1., 2.]).tobytes())

    assert np.asarray(Tg.load(tmp_path / 'x.npy')).tolist() == [1, 2]


@pytest.mark.parametrize('array', [
    np.array(['a']), np.array([1], object), np.zeros(2, [('a', 'f8'), ('b', 'i4')]),
    np.array(['2026-01-01'], 'M8[D]'), np.zeros(1, np.longdouble), np.zeros(1, 'V3'),
])
def test_other_types_are_refused(tmp_path, array):
    np.save(tmp_path / 'x.npy', array)

    with pytest.raises(GLib.Error, match='x.npy: the file has elements of') as caught:
        Tg.load(tmp_path / 'x.npy')
    assert caught.value.matches(Tg.FileError.quark(), Tg.FileError.DTYPE)


@pytest.mark.skipif('bfloat16' not in [d.value_nick for d in Tg.DType.__enum_values__.values()],
                    reason='there is no bfloat16')
def test_bfloat16_is_two_bytes_to_numpy(tmp_path):
    high = np.array([1.5, -2, np.inf], '<f4').view('<u2')[1::2]
    np.save(tmp_path / 'x.npy', high.view('V2'))
    tensor = Tg.load(tmp_path / 'x.npy')

    assert tensor.dtype == 'bfloat16'
    assert np.asarray(tensor.astype(Tg.DType.FLOAT32)).tolist() == [1.5, -2, np.inf]
    tensor.save(str(tmp_path / 'y.npy'))
    assert np.load(tmp_path / 'y.npy').tobytes() == high.tobytes()


def test_every_truncated_file_is_refused(tmp_path):
    np.save(tmp_path / 'x.npy', np.arange(3.))
    np.savez_compressed(tmp_path / 'x.npz', x=np.arange(3.))

    for name, read in ('x.npy', Tg.Tensor.new_from_npy), ('x.npz', Tg.parse_npz):
        data = (tmp_path / name).read_bytes()
        for n in range(len(data)):
            with pytest.raises(GLib.Error):
                read(GLib.Bytes.new(data[:n]))
        read(GLib.Bytes.new(data))


def test_archives_with_wide_sizes(tmp_path, monkeypatch):
    """Python's zipfile writes sizes of 64 bits for small entries, if it is told so."""
    monkeypatch.setattr(zipfile, 'ZIP64_LIMIT', 10)
    np.savez(tmp_path / 'x.npz', x=np.arange(100.), y=np.ones(3))
    assert (tmp_path / 'x.npz').read_bytes().count(b'PK\x06\x06') == 1

    assert np.asarray(Tg.load(tmp_path / 'x.npz')['x']).tolist() == list(range(100))


@pytest.mark.parametrize('n', [65534, 65535, 65536])
def test_archives_of_many_entries(tmp_path, n):
    tensor = Tg.as_tensor(np.zeros((0,)))
    Tg.save_npz(str(tmp_path / 't.npz'), [f'x{i}' for i in range(n)], [tensor] * n, False)

    names = zipfile.ZipFile(tmp_path / 't.npz').namelist()
    assert len(names) == n and names[-1] == f'x{n - 1}.npy'
    assert len(Tg.load_npz(str(tmp_path / 't.npz')).names) == n
    with zipfile.ZipFile(tmp_path / 'z.npz', 'w') as archive:
        for i in range(n):
            archive.writestr(f'x{i}.npy', tensor.dup_npy().get_data())
    assert len(Tg.load_npz(str(tmp_path / 'z.npz')).names) == n


@pytest.mark.parametrize('prepare, message', [
    (lambda archive: archive.writestr('a.txt', b'a'), 'a.txt: this entry .* is no .npy file'),
    (lambda archive: archive.writestr('a.npy', b'a'), 'a: this is no .npy file'),
    (lambda archive: [archive.writestr('a.npy', Tg.as_tensor(i).dup_npy().get_data())
                      for i in (1, 2)], 'the name “a” is there twice'),
    (lambda archive: archive.writestr('a.npy', b'a', zipfile.ZIP_LZMA), 'packed by the method 14'),
])
@pytest.mark.filterwarnings('ignore:Duplicate name')
def test_archives_of_other_things(tmp_path, prepare, message):
    with zipfile.ZipFile(tmp_path / 'x.npz', 'w') as archive:
        prepare(archive)

    with pytest.raises(GLib.Error, match=message):
        Tg.load(tmp_path / 'x.npz')


def test_a_wrong_checksum_is_noticed(tmp_path):
    np.savez(tmp_path / 'x.npz', x=np.arange(3.))
    data = bytearray((tmp_path / 'x.npz').read_bytes())
    data[data.index(np.array([2.]).tobytes())] ^= 1
    (tmp_path / 'x.npz').write_bytes(data)

    with pytest.raises(GLib.Error, match='x.npz: x: .* checksum'):
        Tg.load(tmp_path / 'x.npz')


def test_an_archive_does_not_ask_for_memory_it_has_no_data_for(tmp_path):
    np.savez_compressed(tmp_path / 'x.npz', x=np.zeros(100))
    data = bytearray((tmp_path / 'x.npz').read_bytes())
    at = data.index(b'PK\x01\x02') + 24
    data[at:at + 4] = (0xfffffff0).to_bytes(4, 'little')
    (tmp_path / 'x.npz').write_bytes(data)

    with pytest.raises(GLib.Error, match='not as long as its directory says'):
        Tg.load(tmp_path / 'x.npz')


def test_what_is_no_file():
    for path in ('/nonexistent/x.npy', '/'):
        with pytest.raises(OSError):
            Tg.load(path)
    with pytest.raises(GLib.Error) as caught:
        Tg.save('/nonexistent/x.npy', 1.)
    assert caught.value.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND)
    with pytest.raises(ValueError, match='mmap_mode'):
        Tg.load('x.npy', mmap_mode='w+')


def test_a_mapped_file_is_looked_at_in_place(tmp_path):
    np.save(tmp_path / 'x.npy', np.arange(1000.).reshape(10, 100))
    tensor = Tg.load(tmp_path / 'x.npy', mmap_mode='r')
    with open('/proc/self/maps', encoding='utf-8') as maps:
        line = next(line for line in maps if line.rstrip().endswith('x.npy'))
    start, end = (int(bound, 16) for bound in line.split()[0].split('-'))

    assert start <= tensor.get_address() < end
    (tmp_path / 'x.npy').unlink()
    view = np.asarray(tensor)[::2]
    del tensor
    assert view.sum() == np.arange(1000.).reshape(10, 100)[::2].sum()


def test_files_of_tensors_that_are_replaced_stay_whole(tmp_path):
    """The one that is mapped is not written over, but replaced."""
    Tg.save(tmp_path / 'x', np.arange(1000.))
    tensor = Tg.load(tmp_path / 'x.npy', mmap_mode='r')
    Tg.save(tmp_path / 'x', np.zeros(3))

    assert np.asarray(tensor).sum() == 499500
    assert np.load(tmp_path / 'x.npy').tolist() == [0, 0, 0]
    assert os.listdir(tmp_path) == ['x.npy']


SCRIPT = '''
import Tg from 'gi://Tg?version=1';

const [folder] = ARGV;
const {x, y} = Tg.load(`${folder}/in.npz`);
print(x.toArray(), y.dtype, Tg.load(`${folder}/in.npy`).toArray());
Tg.save(`${folder}/out.npy`, [[1, 2], [3, 4]]);
Tg.save(`${folder}/out.npz`, {a: x, b: [true, false]});
'''


def test_files_in_javascript(tmp_path):
    np.savez(tmp_path / 'in.npz', x=np.arange(3.), y=np.array(2, 'int32'))
    np.save(tmp_path / 'in.npy', np.array([[1.5]]))
    (tmp_path / 'files.js').write_text(SCRIPT, encoding='utf-8')
    result = subprocess.run(['gjs', '-m', str(tmp_path / 'files.js'), str(tmp_path)],
                            capture_output=True, text=True, check=False)

    assert (result.stderr, result.stdout) == ('', '0,1,2 int32 1.5\n')
    assert np.load(tmp_path / 'out.npy').tolist() == [[1, 2], [3, 4]]
    archive = np.load(tmp_path / 'out.npz')
    assert archive['a'].tolist() == [0, 1, 2] and archive['b'].tolist() == [True, False]
